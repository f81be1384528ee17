//! The memory keeps what the ports promise.

use std::sync::Arc;

use contacts_contract::Subject;
use contacts_domain::ports::UserCache;
use contacts_memory::MemoryUserCache;

async fn fresh_cache() -> Subject<Arc<dyn UserCache>> {
    Subject::from(Arc::new(MemoryUserCache::new()) as Arc<dyn UserCache>)
}

contacts_contract::user_cache_suite!(fresh_cache);
