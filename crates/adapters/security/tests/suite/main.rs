//! What the ports promise, and key files.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod contract;
mod rotation;
mod secrets;
