//! Ports kept in the memory of one process: the embedded default.
//!
//! | port | adapter |
//! |---|---|
//! | `UserCache` | [`MemoryUserCache`]: up to 10,000 sessions, 30 seconds each |
//! | `UserCache`, `InvalidationListener` | [`TieredUserCache`]: copies of another cache, 5 seconds each, while every invalidation is heard |
//! | `RateLimiter` | [`MemoryRateLimiter`]: up to 100,000 buckets |
//! | `RateLimiter` | [`FallbackRateLimiter`]: one limiter, and another for when that cannot tell |
//!
//! What is here is lost with the process, and known to no other: several replicas want the adapters
//! over Redis instead, or behind these.

mod rate_limiter;
mod user_cache;

pub use rate_limiter::{FallbackRateLimiter, MemoryRateLimiter};
pub use user_cache::{MemoryUserCache, TieredUserCache};
