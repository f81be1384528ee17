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
///
/// ```
/// use std::{num::NonZeroU32, time::Duration};
///
/// use contacts_contract::fixtures::user;
/// use contacts_domain::{
///     ports::RateLimiter,
///     rate_limit::{RateKey, RateLimit, Verdict},
/// };
/// use contacts_memory::MemoryRateLimiter;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), &'static str> {
/// let limiter = MemoryRateLimiter::new();
/// let one = NonZeroU32::MIN;
/// let one_an_hour = RateLimit::new(one, Duration::from_secs(3600), one).ok_or("a limit")?;
/// let (ada, emmy) = (RateKey::Contacts(user().id), RateKey::Contacts(user().id));
///
/// let allows = async |key| limiter.take(key, &one_an_hour).await.map(|said| said.verdict == Verdict::Allowed);
/// assert_eq!(allows(&ada).await, Some(true));
/// assert_eq!(allows(&ada).await, Some(false));
/// assert_eq!(allows(&emmy).await, Some(true), "everybody has a bucket");
///
/// limiter.give_back(&ada, &one_an_hour).await;
/// assert_eq!(allows(&ada).await, Some(true));
/// # Ok(())
/// # }
/// ```
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
