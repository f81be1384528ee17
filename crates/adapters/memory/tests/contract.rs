//! The suites of the ports that this crate implements.

use std::sync::Arc;

use contacts_contract::Subject;
use contacts_domain::ports::{InvalidationListener as _, RateLimiter, UserCache};
use contacts_memory::{FallbackRateLimiter, MemoryRateLimiter, MemoryUserCache, TieredUserCache};

mod user_cache {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn UserCache>> {
        let cache: Arc<dyn UserCache> = Arc::new(MemoryUserCache::new());
        cache.into()
    }

    contacts_contract::user_cache_suite!(fresh);
}

mod tiered_user_cache {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn UserCache>> {
        let cache = TieredUserCache::new(MemoryUserCache::new());
        cache.connected();
        let cache: Arc<dyn UserCache> = Arc::new(cache);
        cache.into()
    }

    contacts_contract::user_cache_suite!(fresh);
}

mod disconnected_tiered_user_cache {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn UserCache>> {
        let cache: Arc<dyn UserCache> = Arc::new(TieredUserCache::new(MemoryUserCache::new()));
        cache.into()
    }

    contacts_contract::user_cache_suite!(fresh);
}

mod rate_limiter {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn RateLimiter>> {
        let limiter: Arc<dyn RateLimiter> = Arc::new(MemoryRateLimiter::new());
        limiter.into()
    }

    contacts_contract::rate_limiter_suite!(fresh);
}

mod fallback_rate_limiter {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn RateLimiter>> {
        let limiter = FallbackRateLimiter::new(MemoryRateLimiter::new(), MemoryRateLimiter::new());
        let limiter: Arc<dyn RateLimiter> = Arc::new(limiter);
        limiter.into()
    }

    contacts_contract::rate_limiter_suite!(fresh);
}
