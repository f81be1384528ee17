//! How a connection to SQLite is opened.

use std::path::Path;

use diesel::{ConnectionError, ConnectionResult, SqliteConnection};
use diesel_async::{AsyncConnection, SimpleAsyncConnection, sync_connection_wrapper::SyncConnectionWrapper};

/// SQLite's calls block, so each runs on a thread for it.
pub(crate) type SqliteConn = SyncConnectionWrapper<SqliteConnection>;

/// What every connection is told. A commit is on the disk when it is acknowledged (`FULL`); a file
/// that somebody else locks is waited for.
pub(crate) const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
                                  PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Writer,
    Reader,
}

pub(crate) async fn connect(path: &str, role: Role) -> ConnectionResult<SqliteConn> {
    let mut connection = SqliteConn::establish(path).await?;
    let setup = |error| ConnectionError::CouldntSetupConfiguration(error);
    connection.batch_execute(PRAGMAS).await.map_err(setup)?;
    if role == Role::Reader {
        // A write that strays onto a reader must fail, not compete with the writer.
        connection.batch_execute("PRAGMA query_only = ON;").await.map_err(setup)?;
    }
    Ok(connection)
}

/// Makes the folder that the database file goes into. A new one is for its owner alone: the file holds
/// everybody whom the users know.
pub(crate) fn create_parent(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            let mut builder = std::fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(folder)
        }
        _ => Ok(()),
    }
}
