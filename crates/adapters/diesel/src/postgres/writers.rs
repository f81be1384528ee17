//! Connections to PostgreSQL that write: each is one transaction's at a time.

use std::{sync::Arc, time::Duration};

use contacts_domain::ports::{RepositoryError, RepositoryResult};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use tokio::{
    runtime::{Handle, Id},
    task::JoinHandle,
};

use super::{
    PostgresUrl, Transaction,
    per_runtime::{Owner, PerRuntime},
};
use crate::warnings::Warnings;

/// How long a write waits for a row that another one holds: as long as for a connection, so that who is told after the
/// deadline of a request to come back finds nothing done meanwhile.
const LOCK_TIMEOUT: &str = "SET lock_timeout = '5s'";

/// How the connections are shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    /// How many the main runtime writes with.
    main: u32,
    /// How many cores have some of their own; others share theirs.
    pub(crate) cores: u32,
    /// How many each of these writes with: where there is but one, whoever waits for a lock holds up all others.
    core: u32,
    /// How many a runtime has for reads that may cost much. More gain nothing: a core asks one thing at a time.
    pub(crate) lanes: u32,
}

impl Shares {
    /// Half of the connections for the main runtime, half for the cores. Those of reads come on top.
    pub(crate) fn of(size: Option<u32>, cores: u32) -> Self {
        let size = size.unwrap_or_else(|| (cores * 8).clamp(24, 40));
        let half = size / 2;
        let cores = (half / 2).clamp(1, cores.clamp(1, 8));
        let core = (half / cores).max(1);
        Self { main: size.div_ceil(2), cores, core, lanes: core.min(4) }
    }
}

/// The pools of every runtime that writes.
pub(crate) struct Writers {
    url: Arc<PostgresUrl>,
    shares: Shares,
    /// How long a write waits for one of them.
    patience: Duration,
    /// How long a connection is used. It keeps what it prepared.
    lifetime: Duration,
    pools: PerRuntime<bb8::Pool<WriterManager>>,
}

impl Writers {
    pub(crate) fn new(url: Arc<PostgresUrl>, main: Id, shares: Shares, patience: Duration, lifetime: Duration) -> Self {
        let pools = PerRuntime::new(main, shares.cores as usize);
        Self { url, shares, patience, lifetime, pools }
    }

    /// A transaction on a connection of this runtime.
    pub(crate) async fn begin(&self) -> RepositoryResult<Transaction> {
        let pool = self.pools.here(|runtime, owner| {
            bb8::Pool::builder()
                .max_size(match owner {
                    Owner::Main => self.shares.main,
                    Owner::Core => self.shares.core,
                })
                .connection_timeout(self.patience)
                .max_lifetime(self.lifetime)
                .error_sink(Box::new(Warnings))
                .build_unchecked(WriterManager { url: self.url.clone(), runtime })
        })?;
        let connection = pool.get_owned().await.map_err(|error| RepositoryError::Unavailable(error.into()))?;
        Ok(Transaction::on(connection))
    }
}

/// Opens connections on one runtime.
pub(super) struct WriterManager {
    url: Arc<PostgresUrl>,
    runtime: Handle,
}

/// A connection, and what becomes of it.
pub(super) struct Connected {
    pub(super) connection: AsyncPgConnection,
    /// Whether it is in the middle of a transaction: nobody else must get it then.
    pub(super) is_busy: bool,
    /// What sends and receives; it ends with the connection, and with its runtime.
    driver: JoinHandle<()>,
}

impl bb8::ManageConnection for WriterManager {
    type Connection = Connected;
    type Error = ConnectionError;

    async fn connect(&self) -> ConnectionResult<Connected> {
        let url = self.url.clone();
        let opened = self.runtime.spawn(async move { open(&url).await });
        opened.await.unwrap_or_else(|error| Err(ConnectionError::BadConnection(error.to_string())))
    }

    /// To ask the server would double the cost of what follows, and it may be gone a moment later all the same.
    async fn is_valid(&self, connected: &mut Connected) -> ConnectionResult<()> {
        if connected.driver.is_finished() { Err(ConnectionError::BadConnection("lost".into())) } else { Ok(()) }
    }

    fn has_broken(&self, connected: &mut Connected) -> bool {
        connected.is_busy || connected.driver.is_finished()
    }
}

async fn open(url: &PostgresUrl) -> ConnectionResult<Connected> {
    let (connection, driver) = url.connect(LOCK_TIMEOUT).await?;
    Ok(Connected { connection, is_busy: false, driver })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_of_many_cores_leaves_room_in_what_postgres_accepts() {
        for cores in 1..=1_024 {
            let shares = Shares::of(None, cores);
            let readers = (shares.lanes + 1) * (shares.cores + 1);
            assert!(shares.main + shares.core * shares.cores + readers <= 97, "{cores}");
            assert!(shares.core >= 2, "{cores}");
        }
    }

    #[test]
    fn few_connections_are_shared_before_a_core_has_one_alone() {
        let shares = |size, cores| {
            let Shares { main, cores, core, lanes } = Shares::of(size, cores);
            (main, cores, core, lanes)
        };
        assert_eq!(shares(Some(1), 8), (1, 1, 1, 1));
        assert_eq!(shares(Some(16), 2), (8, 2, 4, 4));
        assert_eq!(shares(Some(16), 8), (8, 4, 2, 2));
        assert_eq!(shares(None, 2), (12, 2, 6, 4));
    }
}
