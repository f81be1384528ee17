//! Counting the requests of a user to their contacts.

use std::sync::Arc;

use contacts_domain::{
    ids::UserId,
    ports::RateLimiter,
    rate_limit::{RateDecision, RateKey, RateLimit},
};

/// Counts a request, and says what is left.
pub struct CountContactRequest {
    pub(super) limiter: Arc<dyn RateLimiter>,
    pub(super) limit: Option<RateLimit>,
}

/// What a counted request is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub limit: RateLimit,
    pub decision: RateDecision,
}

impl CountContactRequest {
    /// `None` where there is no limit, or nobody can tell.
    pub async fn execute(&self, user: UserId) -> Option<Counted> {
        let limit = self.limit?;
        let decision = self.limiter.take(&RateKey::Contacts(user), &limit).await?;
        Some(Counted { limit, decision })
    }
}
