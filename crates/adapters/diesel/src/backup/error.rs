//! Why an archive was not written, or not restored. Each text goes on after a colon.

use diesel::{ConnectionError, result::Error};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a database was not written to an archive.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("there is no such file")]
    NoFile,
    #[error("it has no tables of this service")]
    NoTables,
    #[error("its tables were migrated at the same moment; try again")]
    Migrated,
    #[error("the column {column} of the table {table} is of the type {declared}, which an archive does not know")]
    UnknownType { table: String, column: String, declared: String },
    #[error("the archive cannot be written")]
    Write(#[from] std::io::Error),
    #[error("the database cannot be opened")]
    Open(#[from] ConnectionError),
    #[error("the database cannot be read")]
    Read(#[from] Error),
    #[error("the work was cut off")]
    Cut(#[source] Cause),
}

/// What is wrong with an archive.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    #[error("this is no archive of this service")]
    Foreign,
    #[error("the archive is of version {0} of the format, which only a newer release reads")]
    NewerFormat(u32),
    #[error("the archive's tables are of a newer release: {0} is a migration that this one does not know")]
    NewerSchema(String),
    #[error("the archive is incomplete: it was cut off somewhere")]
    Incomplete,
    #[error("the archive is damaged: {0}")]
    Damaged(String),
    #[error("the archive cannot be read")]
    Read(#[source] std::io::Error),
}

/// Why an archive was not restored. Nothing was changed, but where it says so.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error(transparent)]
    Archive(#[from] Damage),
    #[error("the database is not empty: its table {0} has rows, which only `--replace` would give up")]
    NotEmpty(String),
    #[error("it is in use, by the service or another command: end that first")]
    InUse,
    #[error("the database was migrated by a newer release: it has {0}, which this one does not know")]
    NewerDatabase(String),
    #[error("the folder or the file cannot be made")]
    Make(#[from] std::io::Error),
    #[error("the database cannot be opened")]
    Open(#[from] ConnectionError),
    #[error("the database cannot be written")]
    Write(#[from] Error),
    #[error("the tables cannot be migrated")]
    Migrate(#[source] Cause),
    #[error(
        "everything was restored, but contacts of an older release cannot be folded anew: start the service for that"
    )]
    Fold(#[source] Cause),
    #[error("the work was cut off")]
    Cut(#[source] Cause),
}
