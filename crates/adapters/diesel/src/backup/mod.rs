//! Everything that the database holds, in a file, and back.
//!
//! The file is an SQLite database with the tables of this crate, whichever database it was made of: so it can be checked,
//! looked into and brought up to date like one, and restored into either database (ADR 21).

mod archive;
mod restore;
mod save;
mod tables;

pub use self::{restore::restore, save::save};

use std::sync::Arc;

use diesel::{QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types::BigInt};

use self::tables::TABLES;
use crate::migrations::MigrationError;

/// Is told how far it has come.
pub trait Progress: Send + Sync {
    /// So many rows of a table were copied until now.
    fn copied(&self, table: &str, rows: u64);
}

/// How many rows each table has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Tables by name, those first that others refer to.
    pub tables: Vec<(&'static str, u64)>,
}

/// Why nothing was saved, or nothing was restored. What was there is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// There is such a file already.
    #[error("there is such a file already")]
    Exists,
    /// Not a file that was made by a backup.
    #[error("it is no backup of this service")]
    Foreign,
    /// It was one, and is cut off or damaged.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// Made by a later version of the service, which has these migrations.
    #[error("it is of a later version, which has the migrations {0}")]
    Newer(String),
    /// The database that is to be saved lacks migrations.
    #[error("the database lacks migrations: run `contacts migrate up`")]
    Pending,
    /// There are users in the database that is to be restored into.
    #[error("there are {0} users in the database already")]
    NotEmpty(u64),
    /// The database, or the disk.
    #[error("the database or the disk failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<diesel::result::Error> for BackupError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<std::io::Error> for BackupError {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<MigrationError> for BackupError {
    fn from(error: MigrationError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<diesel::ConnectionError> for BackupError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Failed(error.into())
    }
}

type Told = Arc<dyn Progress>;

/// Runs what blocks on a thread that may be blocked.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    tokio::task::spawn_blocking(work).await.map_err(|panicked| BackupError::Failed(panicked.into()))?
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn content(archive: &mut SqliteConnection) -> Result<Content, BackupError> {
    let count = |name| -> Result<_, BackupError> {
        let rows: Count = sql_query(format!("SELECT count(*) AS count FROM {name}")).get_result(archive)?;
        Ok((name, u64::try_from(rows.count).unwrap_or_default()))
    };
    Ok(Content { tables: TABLES.iter().map(|table| table.name).map(count).collect::<Result<_, _>>()? })
}
