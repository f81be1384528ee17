//! Archives of a whole database, the same for SQLite and PostgreSQL.
//!
//! | to find | look in |
//! |---|---|
//! | what an archive looks like | [`archive`] |
//! | how one is written, and read with distrust | `writer`, `reader` |
//! | how a row becomes a line and a line a row, on either database | `columns` |
//! | the snapshot that is written | `dump` |
//! | the one transaction of a restore | `restore` |

pub mod archive;
mod columns;
mod connection;
mod dump;
mod error;
mod reader;
mod restore;
mod writer;

pub use dump::dump;
pub use error::{BackupError, Damage, RestoreError};
pub use restore::{RestoreOptions, restore};

/// Every table, each behind those that it refers to. What is not here is made from these: the search index of SQLite,
/// which triggers keep.
pub const TABLES: [&str; 11] = [
    "users",
    "address_books",
    "contacts",
    "contact_labels",
    "creations",
    "sessions",
    "links",
    "outbox",
    "avatars",
    "audit_log",
    "idempotency_keys",
];

/// What went into an archive, or came out of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// What the archive says of itself.
    pub header: archive::Header,
    /// How many rows each table has, in the archive's order.
    pub tables: Vec<(String, u64)>,
}

impl Summary {
    /// How many rows there are in all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, rows)| rows).sum()
    }
}

/// Is told of a table and how many of its rows are done, now and then.
pub type Progress = Box<dyn FnMut(&str, u64) + Send>;

/// How many rows are done between two words about it.
const ROWS_A_WORD: u64 = 1000;
