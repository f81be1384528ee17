//! When copies near by are used, and when they must not be.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use contacts_contract::{fixtures::user, user_cache::cached};
use contacts_domain::{
    ids::{SessionId, UserId},
    ports::{InvalidationListener as _, UserCache},
    session::CachedUser,
};
use contacts_memory::{MemoryUserCache, TieredUserCache};
use tokio::sync::{Mutex, Notify};

/// A far cache that counts how often it is asked, and whose answers can be held up.
#[derive(Clone, Default)]
struct Far {
    cache: MemoryUserCache,
    gets: Arc<AtomicUsize>,
    /// Where it is set, an answer that was already read waits on its way.
    delay: Arc<Mutex<Option<Delay>>>,
}

#[derive(Clone, Default)]
struct Delay {
    read: Arc<Notify>,
    go_on: Arc<Notify>,
}

impl Far {
    fn gets(&self) -> usize {
        self.gets.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl UserCache for Far {
    async fn get(&self, user: UserId, session: SessionId) -> Option<CachedUser> {
        self.gets.fetch_add(1, Ordering::SeqCst);
        let entry = self.cache.get(user, session).await;
        let delay = self.delay.lock().await.take();
        if let Some(delay) = delay {
            delay.read.notify_one();
            delay.go_on.notified().await;
        }
        entry
    }

    async fn put(&self, entry: &CachedUser) {
        self.cache.put(entry).await;
    }

    async fn invalidate(&self, user: UserId, minimum: i64) {
        self.cache.invalidate(user, minimum).await;
    }
}

/// A far cache that can be read, and told nothing.
struct Deaf(Far);

#[async_trait]
impl UserCache for Deaf {
    async fn get(&self, user: UserId, session: SessionId) -> Option<CachedUser> {
        self.0.get(user, session).await
    }

    async fn put(&self, entry: &CachedUser) {
        self.0.put(entry).await;
    }

    async fn invalidate(&self, _: UserId, _: i64) {}
}

async fn find(cache: &impl UserCache, entry: &CachedUser) -> Option<CachedUser> {
    cache.get(entry.current.user.id, entry.current.session).await
}

#[tokio::test]
async fn a_copy_spares_the_way_while_connected() {
    let far = Far::default();
    let near = TieredUserCache::new(far.clone());
    let entry = cached(user());
    far.put(&entry).await;
    near.connected();
    for _ in 0..5 {
        assert_eq!(find(&near, &entry).await.as_ref(), Some(&entry));
    }
    assert_eq!(far.gets(), 1);
}

#[tokio::test]
async fn before_and_after_a_connection_every_call_goes_the_whole_way() {
    let far = Far::default();
    let near = TieredUserCache::new(far.clone());
    let entry = cached(user());
    near.put(&entry).await;
    for _ in 0..3 {
        assert_eq!(find(&near, &entry).await.as_ref(), Some(&entry));
    }
    assert_eq!(far.gets(), 3);
    near.connected();
    assert!(find(&near, &entry).await.is_some());
    near.disconnected();
    far.cache.clear();
    assert_eq!(find(&near, &entry).await, None);
    // A copy from before the gap does not come back with the connection.
    near.connected();
    assert_eq!(find(&near, &entry).await, None);
}

#[tokio::test]
async fn a_message_hides_a_copy_and_whatever_is_older() {
    let far = Far::default();
    let near = TieredUserCache::new(far.clone());
    let entry = cached(user());
    let (user, version) = (entry.current.user.id, entry.current.user.version);
    near.connected();
    near.put(&entry).await;
    assert!(find(&near, &entry).await.is_some());
    near.invalidated(user, version + 1);
    assert_eq!(find(&near, &entry).await, None);
    // What was heard is remembered while nothing is heard.
    near.disconnected();
    near.put(&entry).await;
    assert_eq!(find(&near, &entry).await, None);
}

#[tokio::test]
async fn what_ended_here_has_ended_here_even_where_the_far_cache_was_not_told() {
    let far = Far::default();
    let near = TieredUserCache::new(Deaf(far.clone()));
    let entry = cached(user());
    near.connected();
    near.put(&entry).await;
    assert!(find(&near, &entry).await.is_some());
    near.disconnected();
    near.invalidate(entry.current.user.id, entry.current.user.version + 1).await;
    assert_eq!(find(&near, &entry).await, None);
    near.connected();
    assert_eq!(find(&near, &entry).await, None);
    assert!(find(&far, &entry).await.is_some(), "the far cache was told");
}

#[tokio::test]
async fn an_answer_from_before_a_gap_is_not_copied_after_it() {
    let far = Far::default();
    let near = Arc::new(TieredUserCache::new(far.clone()));
    let entry = cached(user());
    far.put(&entry).await;
    near.connected();
    let delay = Delay::default();
    *far.delay.lock().await = Some(delay.clone());
    let late = tokio::spawn({
        let (near, entry) = (near.clone(), entry.clone());
        async move { find(&*near, &entry).await }
    });
    delay.read.notified().await;
    // While the answer is on its way the session ends elsewhere, and nobody here hears of it.
    near.disconnected();
    far.invalidate(entry.current.user.id, entry.current.user.version + 1).await;
    near.connected();
    delay.go_on.notify_one();
    late.await.unwrap();
    assert_eq!(find(&*near, &entry).await, None);
}

#[tokio::test]
async fn what_was_read_before_a_gap_and_is_put_after_it_is_not_copied() {
    let far = Far::default();
    let near = TieredUserCache::new(far.clone());
    let entry = cached(user());
    near.connected();
    near.disconnected();
    far.invalidate(entry.current.user.id, entry.current.user.version + 1).await;
    near.connected();
    near.put(&entry).await;
    assert_eq!(find(&near, &entry).await, None);
}
