use std::sync::Arc;

use async_trait::async_trait;
use contacts_domain::{
    ids::{SessionId, UserId},
    ports::{Event, Meter, UserCache},
    session::CachedUser,
};

/// Tells how often a cache knew.
pub struct MeteredUserCache {
    cache: Arc<dyn UserCache>,
    meter: Arc<dyn Meter>,
}

impl MeteredUserCache {
    /// Says to `meter` whether `cache` knew, and changes nothing of it.
    pub fn new(cache: Arc<dyn UserCache>, meter: Arc<dyn Meter>) -> Self {
        Self { cache, meter }
    }
}

#[async_trait]
impl UserCache for MeteredUserCache {
    async fn get(&self, user: UserId, session: SessionId) -> Option<CachedUser> {
        let known = self.cache.get(user, session).await;
        self.meter.note(&if known.is_some() { Event::CacheHit } else { Event::CacheMiss });
        known
    }

    async fn put(&self, entry: &CachedUser) {
        self.cache.put(entry).await;
    }

    async fn invalidate(&self, user: UserId, minimum: i64) {
        self.cache.invalidate(user, minimum).await;
    }
}
