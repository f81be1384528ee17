//! A limiter for when another one cannot tell.

use async_trait::async_trait;
use contacts_domain::{
    ports::RateLimiter,
    rate_limit::{RateDecision, RateKey, RateLimit},
};

/// Asks the first; and where that cannot tell, the second. While the first is away, what it counted so
/// far is unknown: the second begins with full buckets.
#[derive(Debug)]
pub struct FallbackRateLimiter<P, S> {
    first: P,
    second: S,
}

impl<P: RateLimiter, S: RateLimiter> FallbackRateLimiter<P, S> {
    /// Both count by the same keys, and neither knows of the other.
    pub const fn new(first: P, second: S) -> Self {
        Self { first, second }
    }
}

#[async_trait]
impl<P: RateLimiter, S: RateLimiter> RateLimiter for FallbackRateLimiter<P, S> {
    async fn take(&self, key: &RateKey, limit: &RateLimit) -> Option<RateDecision> {
        match self.first.take(key, limit).await {
            Some(decision) => Some(decision),
            None => self.second.take(key, limit).await,
        }
    }

    /// Which of the two counted is not known here, so both are told. The other's bucket is mostly full
    /// and takes nothing; after an outage it may allow one more than it should.
    async fn give_back(&self, key: &RateKey, limit: &RateLimit) {
        self.first.give_back(key, limit).await;
        self.second.give_back(key, limit).await;
    }
}
