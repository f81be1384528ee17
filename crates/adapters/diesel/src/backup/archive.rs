//! What an archive looks like: lines of JSON in UTF-8, compressed with gzip (RFC 1952).
//!
//! ```text
//! {"archive":{"version":1,"schema":"00000000000009","created_at":"2026-11-23T12:00:00.000000Z","database":"sqlite"}}
//! {"table":{"name":"users","columns":[["id","bytes"],["email","text"],...]}}
//! ["019ab1f0c5d97d0d9d3e6a5f3c1b2a40","ada@example.com",...]
//! {"table":{"name":"address_books","columns":[...]}}
//! {"end":{"tables":[["users",1],["address_books",0],...],"sha256":"..."}}
//! ```
//!
//! A row is an array of the values of its table's columns. Whoever finds no last line has a part of an archive.

use serde::{Deserialize, Serialize};

/// The version of this format that is written, and the only one that is read.
pub const VERSION: u32 = 1;

/// The first line.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Header {
    /// The version of the format.
    pub version: u32,
    /// The last migration of the tables.
    pub schema: String,
    /// When the archive was begun (RFC 3339).
    pub created_at: String,
    /// `sqlite` or `postgres`: where the rows come from. They fit into either.
    pub database: String,
}

/// The line before the rows of a table.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

/// A column's name, and what its values are.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Column(pub(super) String, pub(super) Kind);

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// A string of hexadecimal digits. An id is 16 bytes.
    Bytes,
    Text,
    Integer,
    Boolean,
    /// A string as `2026-11-23 12:00:00.123456`, in UTC; a fraction of zeros may be shorter or absent.
    Time,
}

/// The last line.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct End {
    pub(super) tables: Vec<(String, u64)>,
    /// Of all lines before this one, with their ends.
    pub(super) sha256: String,
}

/// A line that is no row.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    Archive(Header),
    Table(Table),
    End(End),
}

/// The digits of a checksum.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
