//! Ports whose use is counted.

mod rate_limiter;
mod store;
mod user_cache;

pub use self::{rate_limiter::MeteredRateLimiter, store::MeteredStore, user_cache::MeteredUserCache};
