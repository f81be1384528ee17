//! What all replicas share, in Redis: users read a moment ago, and how often something is done.
//!
//! | port | adapter |
//! |---|---|
//! | `UserCache` | [`RedisUserCache`] |
//! | `RateLimiter` | [`RedisRateLimiter`] |
//! | `InvalidationListener`, which others implement | [`RedisInvalidations`] tells it what any replica invalidates |
//!
//! **Trouble.** Neither of the two must ever be the reason why something fails, so every trouble with
//! Redis is a miss, or "cannot tell": the caller reads the database, or counts by itself. Each call has a
//! deadline, and after a failure Redis is left alone for a second, so that an outage costs next to
//! nothing (`breaker`). After a failure no open connection is trusted any more (`connections`).
//!
//! | key | holds | until |
//! |---|---|---|
//! | `contacts:v2:<run>:{<user>}:session:<session>` | the version of the user in 20 digits, then the entry as JSON (`entry`) | 30 seconds after it was put |
//! | `contacts:v2:<run>:{<user>}:minimum` | the least version to be believed, in 20 digits | 60 seconds after it was said last |
//! | `contacts:v2:rate:<key>` | when the bucket is full again, in microseconds since 1970 | it is full again |
//!
//! `v2` names the encoding: replicas with another one use other keys. An entry that cannot be read is
//! ignored, and replaced by the next one. The braces keep the keys of a user on one node of a cluster.
//! Values hold ids, versions and the user's profile, and nothing that opens anything.
//!
//! **Restarts.** `<run>` is what Redis calls itself from its start to its end (`run_id`), asked once on
//! each connection, which cannot outlive it. A Redis that comes back with a snapshot or a log has the
//! entries of a while ago, and may have lost the minimums that were said since; under the name of its
//! new run none of them is found. What is counted needs no such care: an old count refuses too much at
//! worst.
//!
//! **Messages.** Whoever raises a minimum publishes `<user>:<minimum>` on `contacts:v2:invalidations`.
//! Channels belong to a server, not to one of its databases, and names of users are unique: services that
//! share a server do not disturb each other.
//!
//! **Limits.** A replica that cannot reach Redis cannot tell the others of a logout; it goes on trying in the
//! background (`untold`). A Redis that evicts for want of memory may evict a minimum before an entry. Others may
//! then believe an entry until it is 30 seconds old, which is what the port allows.

mod breaker;
mod client;
mod connections;
mod entry;
mod invalidations;
mod keys;
mod rate_limiter;
#[cfg(test)]
mod tests;
mod untold;
mod user_cache;

pub use client::InvalidUrl;
pub use invalidations::RedisInvalidations;
pub use rate_limiter::RedisRateLimiter;
pub use user_cache::RedisUserCache;
