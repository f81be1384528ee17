//! What the port promises, and what is particular to a service behind a network.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod child;
mod contract;
mod faults;
