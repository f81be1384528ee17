//! Both databases, for real.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod backup;
mod contract;
mod databases;
mod faults;
mod group_commit;
mod migrations;
mod outbox;
mod refold;
mod schema;
mod search_merges;
