//! How often a session may be refreshed.

use std::sync::Arc;

use contacts_domain::{
    ids::SessionId,
    ports::RateLimiter,
    rate_limit::{RateKey, RateLimit},
};

use super::judge;
use crate::{Dependencies, Result};

#[derive(Clone)]
pub(crate) struct RefreshLimit {
    limiter: Arc<dyn RateLimiter>,
    limit: Option<RateLimit>,
}

impl RefreshLimit {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        Self { limiter: dependencies.rate_limiter.clone(), limit: dependencies.policy.rate_limits.refresh }
    }

    pub(crate) async fn admit(&self, session: SessionId) -> Result<()> {
        match self.limit {
            Some(limit) => judge(self.limiter.take(&RateKey::Refresh(session), &limit).await),
            None => Ok(()),
        }
    }
}
