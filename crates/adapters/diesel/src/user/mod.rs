//! Users: how they are stored, found and written.

mod reader;
mod repository;
mod row;

pub(crate) use row::UserRow;
