//! What is counted works as before: the suites of the ports, and what a meter is told meanwhile.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use contacts_contract::Subject;
use contacts_domain::{
    ids::{SessionId, UserId},
    ports::{Event, Limit, Meter, RateLimiter, Ruling, UserCache},
    rate_limit::{RateKey, RateLimit},
};
use contacts_memory::{MemoryRateLimiter, MemoryUserCache};
use contacts_metrics::{
    PrometheusMeter,
    metered::{MeteredRateLimiter, MeteredUserCache},
};

mod user_cache {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn UserCache>> {
        let cache = MeteredUserCache::new(Arc::new(MemoryUserCache::new()), Arc::new(PrometheusMeter::new("1")));
        let cache: Arc<dyn UserCache> = Arc::new(cache);
        cache.into()
    }

    contacts_contract::user_cache_suite!(fresh);
}

mod rate_limiter {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn RateLimiter>> {
        let meter = Arc::new(PrometheusMeter::new("1"));
        let limiter: Arc<dyn RateLimiter> =
            Arc::new(MeteredRateLimiter::new(Arc::new(MemoryRateLimiter::new()), meter));
        limiter.into()
    }

    contacts_contract::rate_limiter_suite!(fresh);
}

/// Remembers what it was told.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Meter for Told {
    fn note<'a>(&self, event: &Event<'a>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{event:?}"));
    }
}

#[tokio::test]
async fn what_a_limiter_decides_is_told_once() {
    let told = Arc::new(Told::default());
    let limiter = MeteredRateLimiter::new(Arc::new(MemoryRateLimiter::new()), told.clone());
    let once = NonZeroU32::new(1).unwrap();
    let limit = RateLimit::new(once, Duration::from_secs(3600), once).unwrap();
    let key = RateKey::Contacts(UserId::new(uuid::Uuid::nil()));
    for _ in 0..2 {
        limiter.take(&key, &limit).await;
    }
    let expected = [Ruling::Allowed, Ruling::Refused].map(|ruling| Event::Limited { limit: Limit::Contacts, ruling });
    assert_eq!(*told.0.lock().unwrap(), expected.map(|event| format!("{event:?}")));
}

#[tokio::test]
async fn a_cache_that_does_not_know_is_a_miss() {
    let told = Arc::new(Told::default());
    let cache = MeteredUserCache::new(Arc::new(MemoryUserCache::new()), told.clone());
    let nil = uuid::Uuid::nil();
    assert!(cache.get(UserId::new(nil), SessionId::new(nil)).await.is_none());
    assert_eq!(*told.0.lock().unwrap(), ["CacheMiss"]);
}
