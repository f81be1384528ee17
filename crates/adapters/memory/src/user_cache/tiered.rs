//! Copies in this process of a cache that is far away.

use std::{
    fmt,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use async_trait::async_trait;
use contacts_domain::{
    ids::{SessionId, UserId},
    ports::{InvalidationListener, UserCache},
    session::CachedUser,
};

use super::{entries::Entries, minimums::Minimums};

/// For how long a copy spares the way. It is short, for it is also how long a message may be missed that
/// nobody knows to be missing.
const TIME_TO_LIVE: Duration = Duration::from_secs(5);

/// A cache near by over one far away that other replicas share.
///
/// The copies near by depend on hearing what others invalidate, and are used only while this is certain:
/// between [`connected`](InvalidationListener::connected) and
/// [`disconnected`](InvalidationListener::disconnected). What is invalidated here or heard of is
/// remembered in any case, and the far cache is believed only where that admits it: a logout that was
/// answered here holds here, even where the far cache could not be told.
pub struct TieredUserCache<F> {
    far: F,
    minimums: Minimums,
    /// `None` while disconnected. Every connection begins with new copies: see [`get`](UserCache::get).
    near: RwLock<Option<Entries>>,
}

impl<F: UserCache> TieredUserCache<F> {
    /// Begins disconnected.
    pub fn new(far: F) -> Self {
        Self { far, minimums: Minimums::new(), near: RwLock::default() }
    }

    fn near(&self) -> Option<Entries> {
        // A panic cannot leave the choice half-made.
        self.near.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace_near(&self, near: Option<Entries>) {
        *self.near.write().unwrap_or_else(PoisonError::into_inner) = near;
    }
}

#[async_trait]
impl<F: UserCache> UserCache for TieredUserCache<F> {
    async fn get(&self, user: UserId, session: SessionId) -> Option<CachedUser> {
        // Fetched before the far cache is asked, and filled afterwards. Where the connection was lost and
        // made again in between, and a message may have been missed, nobody looks into these copies any
        // more.
        let near = self.near();
        let copy = near.as_ref().and_then(|near| near.get(user, session));
        if let Some(copy) = copy.filter(|copy| self.minimums.admit(copy)) {
            return Some(copy);
        }
        let entry = self.far.get(user, session).await.filter(|entry| self.minimums.admit(entry))?;
        if let Some(near) = near {
            near.put(&entry);
        }
        Some(entry)
    }

    /// Goes to the far cache alone. Nobody knows whether a message was missed since the entry was read
    /// from the database; only the far cache can tell, and its answer to the next `get` is copied. What
    /// is certain is that this version was there: copies of older ones have had their time.
    async fn put(&self, entry: &CachedUser) {
        if self.minimums.admit(entry) {
            self.minimums.raise(entry.current.user.id, entry.current.user.version);
            self.far.put(entry).await;
        }
    }

    async fn invalidate(&self, user: UserId, minimum: i64) {
        self.minimums.raise(user, minimum);
        self.far.invalidate(user, minimum).await;
    }
}

impl<F: UserCache> InvalidationListener for TieredUserCache<F> {
    fn connected(&self) {
        self.replace_near(Some(Entries::living(TIME_TO_LIVE)));
    }

    fn invalidated(&self, user: UserId, minimum: i64) {
        self.minimums.raise(user, minimum);
    }

    fn disconnected(&self) {
        self.replace_near(None);
    }
}

impl<F> fmt::Debug for TieredUserCache<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TieredUserCache").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryUserCache;

    #[test]
    fn a_copy_lives_for_five_seconds() {
        let cache = TieredUserCache::new(MemoryUserCache::new());
        assert!(cache.near().is_none());
        cache.connected();
        assert_eq!(cache.near().unwrap().time_to_live(), Some(Duration::from_secs(5)));
    }
}
