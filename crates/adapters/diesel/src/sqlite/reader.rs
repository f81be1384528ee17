//! Reading SQLite.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diesel::{
    Connection, ConnectionError, ConnectionResult, QueryResult, SqliteConnection,
    connection::SimpleConnection,
    result::{DatabaseErrorKind, Error},
};

use super::configure;
use crate::reader::Cost;

/// Opens connections that cannot write.
pub(crate) struct ReaderManager {
    path: String,
}

/// Where a query runs that its client no longer waits for, the connection is used until it ends.
type Shared = Arc<Mutex<SqliteConnection>>;

impl ReaderManager {
    pub(crate) const fn new(path: String) -> Self {
        Self { path }
    }
}

impl bb8::ManageConnection for ReaderManager {
    type Connection = Shared;
    type Error = ConnectionError;

    async fn connect(&self) -> ConnectionResult<Shared> {
        let path = self.path.clone();
        let opened = tokio::task::spawn_blocking(move || open(&path)).await;
        opened.map_err(|panicked| ConnectionError::BadConnection(panicked.to_string()))?.map(Mutex::new).map(Arc::new)
    }

    async fn is_valid(&self, _: &mut Shared) -> ConnectionResult<()> {
        Ok(())
    }

    fn has_broken(&self, connection: &mut Shared) -> bool {
        connection.is_poisoned()
    }
}

fn open(path: &str) -> ConnectionResult<SqliteConnection> {
    let mut connection = SqliteConnection::establish(path)?;
    let setup = ConnectionError::CouldntSetupConfiguration;
    configure(&mut connection).map_err(setup)?;
    // A write that strays onto a reader must fail, not compete with the writer.
    connection.batch_execute("PRAGMA query_only = ON;").map_err(setup)?;
    Ok(connection)
}

/// A connection to read with, until this is dropped.
pub(crate) struct SqliteReader {
    pub(crate) connection: bb8::PooledConnection<'static, ReaderManager>,
    pub(crate) cost: Cost,
}

impl SqliteReader {
    /// Reads where it stands if that costs little, for another thread would cost more; or else on a thread that may be
    /// kept busy.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
    ) -> QueryResult<T> {
        if self.cost == Cost::Little {
            return read(&mut lock(&self.connection));
        }
        let connection = Shared::clone(&self.connection);
        let done = tokio::task::spawn_blocking(move || read(&mut lock(&connection))).await;
        done.unwrap_or_else(|panicked| {
            Err(Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(panicked.to_string())))
        })
    }
}

fn lock(connection: &Mutex<SqliteConnection>) -> MutexGuard<'_, SqliteConnection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}
