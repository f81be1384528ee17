//! Connections to PostgreSQL that write: each is one transaction's at a time.

use std::{sync::Arc, time::Duration};

use contacts_domain::ports::{RepositoryError, RepositoryResult};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use tokio::{
    runtime::{Handle, Id},
    task::JoinHandle,
};

use super::{PostgresUrl, Transaction, per_runtime::PerRuntime};
use crate::warnings::Warnings;

/// How long a write waits for a row that another one holds: as long as for a connection, so that who is told after the
/// deadline of a request to come back finds nothing done meanwhile.
const LOCK_TIMEOUT: &str = "SET lock_timeout = '5s'";

/// How many connections a runtime has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    main: u32,
    /// Of each core, whose runtime answers requests.
    pub(crate) core: u32,
}

impl Shares {
    /// Half of the connections for the main runtime, half for the cores.
    pub(crate) fn of(size: Option<u32>, cores: u32) -> Self {
        let size = size.unwrap_or_else(|| (cores * 8).clamp(24, 40));
        Self { main: size.div_ceil(2), core: (size / 2 / cores).max(1) }
    }
}

/// The pools of every runtime that writes.
pub(crate) struct Writers {
    url: Arc<PostgresUrl>,
    /// The runtime that does what is done beside requests, and what is long.
    main: Id,
    shares: Shares,
    /// How long a write waits for one of them.
    patience: Duration,
    /// How long a connection is used. It keeps what it prepared.
    lifetime: Duration,
    pools: PerRuntime<bb8::Pool<WriterManager>>,
}

impl Writers {
    pub(crate) fn new(url: Arc<PostgresUrl>, main: Id, shares: Shares, patience: Duration, lifetime: Duration) -> Self {
        Self { url, main, shares, patience, lifetime, pools: PerRuntime::new() }
    }

    /// A transaction on a connection of this runtime.
    pub(crate) async fn begin(&self) -> RepositoryResult<Transaction> {
        let pool = self.pools.here(|runtime| {
            bb8::Pool::builder()
                .max_size(if runtime.id() == self.main { self.shares.main } else { self.shares.core })
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
    let (mut connection, driver) = url.connect().await?;
    connection.batch_execute(LOCK_TIMEOUT).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(Connected { connection, is_busy: false, driver })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_of_many_cores_leaves_room_in_what_postgres_accepts() {
        for cores in 1..=24 {
            let Shares { main, core } = Shares::of(None, cores);
            let readers = (core.min(4) + 1) * (cores + 1);
            assert!(main + core * cores + readers <= 97, "{cores}");
        }
    }

    #[test]
    fn each_runtime_has_one_at_least() {
        assert_eq!(Shares::of(Some(1), 8), Shares { main: 1, core: 1 });
        assert_eq!(Shares::of(Some(16), 2), Shares { main: 8, core: 4 });
        assert_eq!(Shares::of(None, 2), Shares { main: 12, core: 6 });
    }
}
