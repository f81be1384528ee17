//! Ports kept in the memory of one process: the embedded default.
//!
//! | port | adapter |
//! |---|---|
//! | `UserCache` | [`MemoryUserCache`]: up to 10,000 users, 30 seconds each |
//!
//! What is here is lost with the process, and known to no other: several replicas want the adapters
//! over Redis instead.

mod user_cache;

pub use user_cache::MemoryUserCache;
