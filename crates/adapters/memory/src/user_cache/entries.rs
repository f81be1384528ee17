//! What was put, for a time and within bounds.

use std::{sync::Arc, time::Duration};

use contacts_domain::{
    ids::{SessionId, UserId},
    session::CachedUser,
};
use moka::{ops::compute::Op, sync::Cache};

/// Sessions kept: a few megabytes.
const CAPACITY: u64 = 10_000;

/// An entry is found under its user and its session together, and so never under others. Clones are the
/// same entries.
#[derive(Clone)]
pub(super) struct Entries {
    cache: Cache<(UserId, SessionId), Arc<CachedUser>>,
}

impl Entries {
    /// Each lives for so long from when it was put: reading an entry does not keep it.
    pub(super) fn living(time_to_live: Duration) -> Self {
        Self { cache: Cache::builder().max_capacity(CAPACITY).time_to_live(time_to_live).build() }
    }

    pub(super) fn get(&self, user: UserId, session: SessionId) -> Option<CachedUser> {
        self.cache.get(&(user, session)).map(|entry| CachedUser::clone(&entry))
    }

    /// Leaves a newer version as it is.
    pub(super) fn put(&self, entry: &CachedUser) {
        let user = &entry.current.user;
        // Nobody else computes the same entry meanwhile.
        self.cache.entry((user.id, entry.current.session)).and_compute_with(|stored| {
            let newer_is_there = stored.is_some_and(|stored| stored.value().current.user.version > user.version);
            if newer_is_there { Op::Nop } else { Op::Put(Arc::new(entry.clone())) }
        });
    }

    pub(super) fn clear(&self) {
        self.cache.invalidate_all();
    }

    #[cfg(test)]
    pub(super) fn time_to_live(&self) -> Option<Duration> {
        self.cache.policy().time_to_live()
    }
}

#[cfg(test)]
mod tests {
    use contacts_contract::{fixtures::user, user_cache::cached};

    use super::*;

    #[test]
    fn entries_are_kept_within_bounds() {
        let entries = Entries::living(Duration::from_secs(30));
        for _ in 0..CAPACITY + 1_000 {
            entries.put(&cached(user()));
        }
        entries.cache.run_pending_tasks();
        assert!((1..=CAPACITY).contains(&entries.cache.entry_count()), "{}", entries.cache.entry_count());
    }
}
