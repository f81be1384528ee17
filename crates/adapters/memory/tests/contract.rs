//! The suites of the ports that this crate implements.

use std::sync::Arc;

use contacts_contract::Subject;
use contacts_domain::ports::UserCache;
use contacts_memory::MemoryUserCache;

async fn user_cache() -> Subject<Arc<dyn UserCache>> {
    let cache: Arc<dyn UserCache> = Arc::new(MemoryUserCache::new());
    cache.into()
}

contacts_contract::user_cache_suite!(user_cache);
