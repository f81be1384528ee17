//! A limiter that cannot tell, and the one that is asked in its place.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use contacts_contract::rate_limiter::{hourly, unique_key};
use contacts_domain::{
    ports::RateLimiter,
    rate_limit::{RateDecision, RateKey, RateLimit, Verdict},
};
use contacts_memory::{FallbackRateLimiter, MemoryRateLimiter};

/// A limiter that can be cut off.
#[derive(Default)]
struct Far {
    limiter: MemoryRateLimiter,
    is_away: AtomicBool,
}

#[async_trait]
impl RateLimiter for &Far {
    async fn take(&self, key: &RateKey, limit: &RateLimit) -> Option<RateDecision> {
        if self.is_away.load(Ordering::SeqCst) { None } else { self.limiter.take(key, limit).await }
    }

    async fn give_back(&self, key: &RateKey, limit: &RateLimit) {
        if !self.is_away.load(Ordering::SeqCst) {
            self.limiter.give_back(key, limit).await;
        }
    }
}

/// `None` where neither of the two can tell.
async fn is_allowed(limiter: &impl RateLimiter, key: &RateKey) -> Option<bool> {
    limiter.take(key, &hourly(2)).await.map(|decision| decision.verdict == Verdict::Allowed)
}

#[tokio::test]
async fn the_second_counts_while_the_first_cannot_tell() {
    let far = Far::default();
    let limiter = FallbackRateLimiter::new(&far, MemoryRateLimiter::new());
    let key = unique_key();
    for expected in [true, true, false] {
        assert_eq!(is_allowed(&limiter, &key).await, Some(expected));
    }
    far.is_away.store(true, Ordering::SeqCst);
    for expected in [true, true, false] {
        assert_eq!(is_allowed(&limiter, &key).await, Some(expected));
    }
    limiter.give_back(&key, &hourly(2)).await;
    for expected in [true, false] {
        assert_eq!(is_allowed(&limiter, &key).await, Some(expected));
    }
    // The first is asked again, and has forgotten nothing.
    far.is_away.store(false, Ordering::SeqCst);
    assert_eq!(is_allowed(&limiter, &key).await, Some(false));
}

#[tokio::test]
async fn two_that_cannot_tell_do_not() {
    let (one, other) = (Far::default(), Far::default());
    one.is_away.store(true, Ordering::SeqCst);
    other.is_away.store(true, Ordering::SeqCst);
    let limiter = FallbackRateLimiter::new(&one, &other);
    assert_eq!(limiter.take(&unique_key(), &hourly(1)).await, None);
    limiter.give_back(&unique_key(), &hourly(1)).await;
}
