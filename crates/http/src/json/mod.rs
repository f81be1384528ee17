//! Request bodies, read strictly and without losing a fault.
//!
//! serde stops at the first fault. So a body is read into a [`tree`] first, which refuses what is
//! not sound JSON; then [`fields`] are taken out of it one by one, noting every fault.

mod fields;
mod tree;

pub(crate) use fields::{Fields, FromFields};
pub(crate) use tree::{Tree, parse};

/// A name as a token of a JSON pointer (RFC 6901).
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
