//! Why an archive was not written, or not restored. Each text goes on after a colon.

use diesel::{ConnectionError, result::Error};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a database was not written to an archive.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file of SQLite was not found: nothing is made in its place.
    #[error("there is no such file")]
    NoFile,
    /// An empty database, or that of another program.
    #[error("it has no tables of this service")]
    NoTables,
    /// Somebody migrates: what was read belongs to two versions.
    #[error("its tables were migrated at the same moment; try again")]
    Migrated,
    /// A migration added a type that the format has no word for.
    #[error("the column {column} of the table {table} is of the type {declared}, which an archive does not know")]
    UnknownType {
        /// The table that has it.
        table: String,
        /// The column that is of it.
        column: String,
        /// As the database names it.
        declared: String,
    },
    /// The destination failed.
    #[error("the archive cannot be written")]
    Write(#[from] std::io::Error),
    /// It is away, or refuses us.
    #[error("the database cannot be opened")]
    Open(#[from] ConnectionError),
    /// The database answered with an error.
    #[error("the database cannot be read")]
    Read(#[from] Error),
    /// The thread that did it panicked.
    #[error("the work was cut off")]
    Cut(#[source] Cause),
}

/// What is wrong with an archive.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// Its first line is not that of an archive.
    #[error("this is no archive of this service")]
    Foreign,
    /// The number is the version of its format.
    #[error("the archive is of version {0} of the format, which only a newer release reads")]
    NewerFormat(u32),
    /// The text names its last migration.
    #[error("the archive's tables are of a newer release: {0} is a migration that this one does not know")]
    NewerSchema(String),
    /// Its last line is missing.
    #[error("the archive is incomplete: it was cut off somewhere")]
    Incomplete,
    /// The text says what does not fit.
    #[error("the archive is damaged: {0}")]
    Damaged(String),
    /// Its source failed.
    #[error("the archive cannot be read")]
    Read(#[source] std::io::Error),
}

/// Why an archive was not restored. Nothing was changed, but where it says so.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It is the archive that is wrong.
    #[error(transparent)]
    Archive(#[from] Damage),
    /// The text names the table.
    #[error("the database is not empty: its table {0} has rows, which only `--replace` would give up")]
    NotEmpty(String),
    /// Another process has the database open.
    #[error("it is in use, by the service or another command: end that first")]
    InUse,
    /// The text names a migration of it.
    #[error("the database was migrated by a newer release: it has {0}, which this one does not know")]
    NewerDatabase(String),
    /// There was no database yet, and it could not be made.
    #[error("the folder or the file cannot be made")]
    Make(#[from] std::io::Error),
    /// It is away, or refuses us.
    #[error("the database cannot be opened")]
    Open(#[from] ConnectionError),
    /// The database answered with an error.
    #[error("the database cannot be written")]
    Write(#[from] Error),
    /// Before or after the rows were written: nothing was changed.
    #[error("the tables cannot be migrated")]
    Migrate(#[source] Cause),
    /// Everything else was done.
    #[error(
        "everything was restored, but contacts of an older release cannot be folded anew: start the service for that"
    )]
    Fold(#[source] Cause),
    /// The thread that did it panicked.
    #[error("the work was cut off")]
    Cut(#[source] Cause),
}
