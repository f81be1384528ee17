//! How a connection to SQLite is opened.

mod reader;
mod search_merges;
mod writer;

pub(crate) use self::{
    reader::{ReaderManager, SqliteReader},
    writer::{Writer, WriterTurn},
};

use std::{
    fs::{DirBuilder, OpenOptions},
    io::{self, ErrorKind},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use diesel::{ConnectionError, ConnectionResult, QueryResult, SqliteConnection, connection::SimpleConnection};
use diesel_async::{AsyncConnection, sync_connection_wrapper::SyncConnectionWrapper};

use crate::error::is_locked;

/// SQLite's calls block, so each runs on a thread for it.
pub(crate) type SqliteConn = SyncConnectionWrapper<SqliteConnection>;

/// How long a file is waited for that somebody else locks.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one waits before the next try where SQLite does not wait itself.
const PAUSE: Duration = Duration::from_millis(10);

/// Opens a connection to write with.
pub(crate) async fn connect(path: &str) -> ConnectionResult<SqliteConn> {
    let mut connection = SqliteConn::establish(path).await?;
    connection.spawn_blocking(configure).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// Tells a connection what every connection is told. A commit is on the disk when it is acknowledged (`FULL`).
/// Blocks while somebody else locks the file, for a few seconds at most.
pub(crate) fn configure(connection: &mut SqliteConnection) -> QueryResult<()> {
    connection.batch_execute(&format!("PRAGMA busy_timeout = {};", BUSY_TIMEOUT.as_millis()))?;
    log_ahead(connection, || thread::sleep(PAUSE))?;
    connection.batch_execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
}

/// Has the file written by a log ahead of it. The first connection ever changes the file for that, and those that
/// come at the same moment stand in each other's way: SQLite then refuses at once, whatever its timeout, for each
/// may wait for the other. Who has let go may try again.
fn log_ahead(connection: &mut SqliteConnection, mut pause: impl FnMut()) -> QueryResult<()> {
    let begun = Instant::now();
    loop {
        match connection.batch_execute("PRAGMA journal_mode = WAL;") {
            Err(error) if is_locked(&error) && begun.elapsed() < BUSY_TIMEOUT => pause(),
            done => return done,
        }
    }
}

/// Makes the file, which SQLite takes for an empty database, and the folder that it goes into. What is new is for its
/// owner alone: the file holds everybody whom the users know. SQLite gives the files beside it the same mode.
pub(crate) fn create_file(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use diesel::{Connection as _, RunQueryDsl as _, dsl::sql, sql_types::Text};

    use super::*;

    #[test]
    fn a_file_that_somebody_else_writes_is_waited_for_before_it_is_logged_ahead() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("contacts.db");
        let open = || SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        let (mut writer, mut connection) = (open(), open());
        writer.batch_execute("BEGIN IMMEDIATE;").unwrap();
        connection.batch_execute("PRAGMA busy_timeout = 5000;").unwrap();
        let mut pauses = 0;
        log_ahead(&mut connection, || {
            pauses += 1;
            writer.batch_execute("COMMIT;").unwrap();
        })
        .unwrap();
        assert_eq!(pauses, 1);
        let mode: String = diesel::select(sql::<Text>("(SELECT journal_mode FROM pragma_journal_mode)"))
            .get_result(&mut connection)
            .unwrap();
        assert_eq!(mode, "wal");
    }

    #[test]
    fn a_file_that_cannot_log_ahead_for_another_reason_is_not_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("contacts.db");
        std::fs::write(&path, [b'?'; 4096]).unwrap();
        let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        let error = log_ahead(&mut connection, || panic!("it was tried again")).unwrap_err();
        assert!(!is_locked(&error), "{error:?}");
    }
}
