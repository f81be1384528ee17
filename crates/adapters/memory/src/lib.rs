//! Ports kept in the memory of one process: the embedded default.
//!
//! What is kept here is gone with the process, and no other process sees it. That is right for one
//! server; replicas share theirs through `contacts-redis`.

mod user_cache;

pub use user_cache::MemoryUserCache;
