//! Users and their sessions that were read a moment ago.

mod entries;
mod minimums;
mod tiered;

use std::{fmt, time::Duration};

use async_trait::async_trait;
use contacts_domain::{
    ids::{SessionId, UserId},
    ports::UserCache,
    session::CachedUser,
};

use self::{entries::Entries, minimums::Minimums};

pub use self::tiered::TieredUserCache;

/// What the port allows at most.
const TIME_TO_LIVE: Duration = Duration::from_secs(30);

/// Keeps the sessions that are asked for most, each for 30 seconds from when it was put. Clones share
/// what they know.
///
/// ```
/// use contacts_contract::fixtures::{at, session, user};
/// use contacts_domain::{
///     ports::UserCache,
///     session::{CachedUser, CurrentUser},
/// };
/// use contacts_memory::MemoryUserCache;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let ada = user();
/// let (id, version, session) = (ada.id, ada.version, session(ada.id).id);
/// let read = CachedUser { current: CurrentUser { user: ada, session }, read_at: at(0) };
///
/// let cache = MemoryUserCache::new();
/// cache.put(&read).await;
/// assert_eq!(cache.get(id, session).await.as_ref(), Some(&read));
///
/// // The user has changed: what was read before is not believed, however late it is put.
/// cache.invalidate(id, version + 1).await;
/// cache.put(&read).await;
/// assert_eq!(cache.get(id, session).await, None);
/// # }
/// ```
#[derive(Clone)]
pub struct MemoryUserCache {
    entries: Entries,
    minimums: Minimums,
}

impl MemoryUserCache {
    /// Knows nobody. Copies that are to know the same are [clones](Clone) of it.
    pub fn new() -> Self {
        Self { entries: Entries::living(TIME_TO_LIVE), minimums: Minimums::new() }
    }

    /// Forgets every entry. What was said of versions stays true.
    pub fn clear(&self) {
        self.entries.clear();
    }
}

impl Default for MemoryUserCache {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl UserCache for MemoryUserCache {
    async fn get(&self, user: UserId, session: SessionId) -> Option<CachedUser> {
        self.entries.get(user, session).filter(|entry| self.minimums.admit(entry))
    }

    async fn put(&self, entry: &CachedUser) {
        // What is too old would never be shown, and need not take room.
        if self.minimums.admit(entry) {
            self.entries.put(entry);
        }
    }

    async fn invalidate(&self, user: UserId, minimum: i64) {
        self.minimums.raise(user, minimum);
    }
}

impl fmt::Debug for MemoryUserCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryUserCache").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use contacts_contract::{fixtures::user, user_cache::cached};

    use super::*;

    #[test]
    fn an_entry_is_forgotten_after_thirty_seconds() {
        assert_eq!(MemoryUserCache::new().entries.time_to_live(), Some(Duration::from_secs(30)));
    }

    #[tokio::test]
    async fn clearing_forgets_entries_but_no_minimum() {
        let cache = MemoryUserCache::new();
        let entry = cached(user());
        let (user, session) = (entry.current.user.id, entry.current.session);
        cache.put(&entry).await;
        cache.clear();
        assert_eq!(cache.get(user, session).await, None);
        cache.put(&entry).await;
        assert_eq!(cache.get(user, session).await.as_ref(), Some(&entry));
        cache.invalidate(user, entry.current.user.version + 1).await;
        cache.clear();
        cache.put(&entry).await;
        assert_eq!(cache.get(user, session).await, None);
    }
}
