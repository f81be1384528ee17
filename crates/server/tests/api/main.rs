//! The whole application, asked from outside: the real binary on a free port, real requests, and every
//! test on a database of its own, on SQLite and on PostgreSQL.
//!
//! Each module is a topic, each test a requirement. A new test is a function that takes an `App` (a
//! running server) or a `Setup` (one that is yet to start, with settings of its own), and a line in the
//! list at the top of its file. [`harness`] has the tools.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "clippy's exceptions for tests end at the functions marked as tests; here everything serves them"
)]

mod accounts;
mod audit;
mod audit_list;
mod avatars;
mod backup;
mod bad_input;
mod batch;
mod birthdays;
mod changes;
mod conditional;
mod contacts;
mod cors;
mod creation_quota;
mod doctor;
mod export;
mod hang_ups;
mod harness;
mod idempotency;
mod labels;
mod limits;
mod links;
mod listing;
mod long_batches;
mod mail_delivery;
mod many_faults;
mod metrics;
mod one_owner;
mod order_of_refusals;
mod outage;
mod pages;
mod process;
mod replicas;
mod round_trips;
mod routing;
mod secrets;
mod sessions;
mod shutdown;
mod slow_statements;
mod stalled_exports;
mod surroundings;
mod trash;
mod user_commands;
