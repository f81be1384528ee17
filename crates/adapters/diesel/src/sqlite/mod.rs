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
    set_journal(connection, Journal::Ahead, || thread::sleep(PAUSE))?;
    connection.batch_execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
}

/// Makes this the only connection there is, until it closes, and waits for those that are closing. It refuses as where the
/// file is locked (`is_locked`) if somebody else has the file open.
///
/// A log ahead is given up by the last connection alone: that is how one learns that it is the last. It also spares writing
/// everything twice. Whoever opens the file next has it logged ahead again.
pub(crate) fn keep_others_out(connection: &mut SqliteConnection) -> QueryResult<()> {
    connection.batch_execute("PRAGMA locking_mode = EXCLUSIVE;")?;
    set_journal(connection, Journal::Aside, || thread::sleep(PAUSE))?;
    connection.batch_execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; BEGIN EXCLUSIVE; COMMIT;")
}

/// Where a transaction is noted until it is in the file.
#[derive(Clone, Copy, Debug)]
enum Journal {
    /// In a log ahead of the file: those who read see what was, and need not wait.
    Ahead,
    /// What was is kept aside, and the file itself is written: nobody reads meanwhile.
    Aside,
}

/// Has the file written with this journal. The first connection ever changes the file for that, and those that
/// come at the same moment stand in each other's way: SQLite then refuses at once, whatever its timeout, for each
/// may wait for the other. Who has let go may try again.
fn set_journal(connection: &mut SqliteConnection, journal: Journal, mut pause: impl FnMut()) -> QueryResult<()> {
    let begun = Instant::now();
    let set = match journal {
        Journal::Ahead => "PRAGMA journal_mode = WAL;",
        Journal::Aside => "PRAGMA journal_mode = DELETE;",
    };
    loop {
        match connection.batch_execute(set) {
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
        set_journal(&mut connection, Journal::Ahead, || {
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
        let error = set_journal(&mut connection, Journal::Ahead, || panic!("it was tried again")).unwrap_err();
        assert!(!is_locked(&error), "{error:?}");
    }
}
