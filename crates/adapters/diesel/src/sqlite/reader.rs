//! Reading SQLite.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use diesel::{
    Connection, ConnectionError, ConnectionResult, QueryResult, SqliteConnection,
    connection::SimpleConnection,
    result::{DatabaseErrorKind, Error},
};
use tokio::task::coop;

use super::configure;
use crate::reader::Cost;

/// Opens connections that cannot write.
pub(crate) struct ReaderManager {
    path: String,
}

/// A database of this many bytes is read through within milliseconds: some 5,000 contacts.
const SMALL: u64 = 16 * 1024 * 1024;

/// How many reads there are between two looks at the size of the files.
const READS: u32 = 64;

/// A connection, to be had from here and from a thread that may be blocked.
pub(crate) struct Connected {
    connection: Mutex<SqliteConnection>,
    path: String,
    reads: AtomicU32,
    was_small: AtomicBool,
}

impl Connected {
    /// Whether the database was small a moment ago: the file system is asked now and then.
    fn is_small(&self) -> bool {
        if self.reads.fetch_add(1, Ordering::Relaxed).is_multiple_of(READS) {
            let bytes = |path: &str| std::fs::metadata(path).map_or(0, |file| file.len());
            let is_small = bytes(&self.path) + bytes(&format!("{}-wal", self.path)) <= SMALL;
            self.was_small.store(is_small, Ordering::Relaxed);
        }
        self.was_small.load(Ordering::Relaxed)
    }
}

/// Where a query runs that its client no longer waits for, the connection is used until it ends.
type Shared = Arc<Connected>;

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
        opened.map_err(|panicked| ConnectionError::BadConnection(panicked.to_string()))?.map(Arc::new)
    }

    async fn is_valid(&self, _: &mut Shared) -> ConnectionResult<()> {
        Ok(())
    }

    fn has_broken(&self, connection: &mut Shared) -> bool {
        connection.connection.is_poisoned()
    }
}

fn open(path: &str) -> ConnectionResult<Connected> {
    let mut connection = SqliteConnection::establish(path)?;
    let setup = ConnectionError::CouldntSetupConfiguration;
    configure(&mut connection).map_err(setup)?;
    // A write that strays onto a reader must fail, not compete with the writer.
    connection.batch_execute("PRAGMA query_only = ON;").map_err(setup)?;
    let path = path.to_owned();
    Ok(Connected {
        connection: Mutex::new(connection),
        path,
        reads: AtomicU32::new(0),
        was_small: AtomicBool::new(true),
    })
}

/// A connection to read with, until this is dropped.
pub(crate) struct SqliteReader {
    pub(crate) connection: bb8::PooledConnection<'static, ReaderManager>,
    pub(crate) cost: Cost,
}

impl SqliteReader {
    /// Reads where it stands if that costs little, for another thread would cost more; or else on a thread that may be
    /// blocked.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
    ) -> QueryResult<T> {
        let connection = Shared::clone(&self.connection);
        if self.cost == Cost::Little || connection.is_small() {
            // Who reads again and again would never let anybody else have the thread.
            coop::consume_budget().await;
            return read(&mut lock(&connection));
        }
        let done = tokio::task::spawn_blocking(move || read(&mut lock(&connection))).await;
        done.unwrap_or_else(|panicked| {
            Err(Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(panicked.to_string())))
        })
    }
}

fn lock(connection: &Connected) -> MutexGuard<'_, SqliteConnection> {
    connection.connection.lock().unwrap_or_else(PoisonError::into_inner)
}
