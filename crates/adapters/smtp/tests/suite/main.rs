//! Both mailers, against the contract and against servers that misbehave.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod connections;
mod contract;
mod faults;
mod files;
mod mails;
mod tls;
