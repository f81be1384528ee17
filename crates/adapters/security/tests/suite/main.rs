//! What the ports promise, and key files.

mod contract;
mod secrets;
