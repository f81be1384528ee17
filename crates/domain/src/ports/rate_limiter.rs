use async_trait::async_trait;

use crate::rate_limit::{RateDecision, RateKey, RateLimit};

/// Counts how often something is done.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes one from the bucket of this key. MUST be exact however many take at once. `None` where it
    /// cannot be told, which MUST be found out within a fraction of a second.
    async fn take(&self, key: &RateKey, limit: &RateLimit) -> Option<RateDecision>;

    /// Puts back what one request took, which turned out not to count.
    async fn give_back(&self, key: &RateKey, limit: &RateLimit);
}
