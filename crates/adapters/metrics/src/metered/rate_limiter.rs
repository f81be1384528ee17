use std::sync::Arc;

use async_trait::async_trait;
use contacts_domain::{
    ports::{Event, Meter, RateLimiter, Ruling},
    rate_limit::{RateDecision, RateKey, RateLimit, Verdict},
};

/// Tells what a limiter decides.
pub struct MeteredRateLimiter {
    limiter: Arc<dyn RateLimiter>,
    meter: Arc<dyn Meter>,
}

impl MeteredRateLimiter {
    /// Says to `meter` what `limiter` decides, and changes nothing of it.
    pub fn new(limiter: Arc<dyn RateLimiter>, meter: Arc<dyn Meter>) -> Self {
        Self { limiter, meter }
    }
}

#[async_trait]
impl RateLimiter for MeteredRateLimiter {
    async fn take(&self, key: &RateKey, limit: &RateLimit) -> Option<RateDecision> {
        let decision = self.limiter.take(key, limit).await;
        let ruling = match decision.as_ref().map(|decision| &decision.verdict) {
            Some(Verdict::Allowed) => Ruling::Allowed,
            Some(Verdict::Refused { .. }) => Ruling::Refused,
            None => Ruling::Unknown,
        };
        self.meter.note(&Event::Limited { limit: key.into(), ruling });
        decision
    }

    async fn give_back(&self, key: &RateKey, limit: &RateLimit) {
        self.limiter.give_back(key, limit).await;
    }
}
