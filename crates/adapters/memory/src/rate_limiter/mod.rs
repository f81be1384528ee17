//! How often something is done, as far as this process knows.

mod buckets;
mod fallback;

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use contacts_domain::{
    ports::RateLimiter,
    rate_limit::{RateDecision, RateKey, RateLimit},
};

use self::buckets::Buckets;

pub use self::fallback::FallbackRateLimiter;

/// Buckets kept: some tens of megabytes at most.
const CAPACITY: usize = 100_000;

/// Counts exactly, in up to 100,000 buckets that are not full. Beyond that, those are forgotten first
/// that are full again first.
pub struct MemoryRateLimiter {
    /// All times count from here: they go by a clock that nobody sets.
    began: Instant,
    buckets: Mutex<Buckets>,
}

impl MemoryRateLimiter {
    /// Every bucket is full.
    pub fn new() -> Self {
        Self { began: Instant::now(), buckets: Mutex::new(Buckets::up_to(CAPACITY)) }
    }

    /// The time is taken under the lock, so that it never runs backwards for a bucket.
    fn with_buckets<T>(&self, change: impl FnOnce(&mut Buckets, Duration) -> T) -> T {
        // A panic cannot leave more than one bucket too full.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut buckets, self.began.elapsed())
    }
}

impl Default for MemoryRateLimiter {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl RateLimiter for MemoryRateLimiter {
    async fn take(&self, key: &RateKey, limit: &RateLimit) -> Option<RateDecision> {
        Some(self.with_buckets(|buckets, now| buckets.take(key, limit, now)))
    }

    async fn give_back(&self, key: &RateKey, limit: &RateLimit) {
        self.with_buckets(|buckets, now| buckets.give_back(key, limit, now));
    }
}

impl fmt::Debug for MemoryRateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryRateLimiter").finish_non_exhaustive()
    }
}
