//! The user cache that all replicas share, in Redis.
//!
//! A cache must never be the reason why something fails, so every trouble with Redis is a miss: the
//! caller reads the database. Each call has a deadline, and after a failure Redis is left alone for a
//! second, so that an outage costs next to nothing (`breaker`). After a failure no open connection is
//! trusted any more (`pool`).
//!
//! | key | holds | until |
//! |---|---|---|
//! | `contacts:v1:user:<uuid>` | the version in 20 digits, then the user as JSON (`entry`) | 30 seconds after it was put |
//!
//! `v1` names the encoding: replicas with another one use other keys. An entry that cannot be read is
//! ignored, and replaced by the next one.

mod breaker;
mod entry;
mod pool;
#[cfg(test)]
mod tests;
mod user_cache;

pub use user_cache::{InvalidUrl, RedisUserCache};
