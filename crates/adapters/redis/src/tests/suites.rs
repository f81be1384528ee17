//! The suites of the ports.

use std::sync::Arc;

use contacts_contract::Subject;
use contacts_domain::ports::{InvalidationListener as _, RateLimiter, UserCache};
use contacts_memory::{FallbackRateLimiter, MemoryRateLimiter, TieredUserCache};

use super::{patient_cache, patient_limiter, redis_url};

mod user_cache {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn UserCache>> {
        let cache: Arc<dyn UserCache> = Arc::new(patient_cache(&redis_url()));
        cache.into()
    }

    contacts_contract::user_cache_suite!(fresh);
}

mod tiered_user_cache {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn UserCache>> {
        let cache = TieredUserCache::new(patient_cache(&redis_url()));
        cache.connected();
        let cache: Arc<dyn UserCache> = Arc::new(cache);
        cache.into()
    }

    contacts_contract::user_cache_suite!(fresh);
}

mod rate_limiter {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn RateLimiter>> {
        let limiter: Arc<dyn RateLimiter> = Arc::new(patient_limiter(&redis_url()));
        limiter.into()
    }

    contacts_contract::rate_limiter_suite!(fresh);
}

mod fallback_rate_limiter {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn RateLimiter>> {
        let limiter = FallbackRateLimiter::new(patient_limiter(&redis_url()), MemoryRateLimiter::new());
        let limiter: Arc<dyn RateLimiter> = Arc::new(limiter);
        limiter.into()
    }

    contacts_contract::rate_limiter_suite!(fresh);
}
