//! Users that were read a moment ago.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use contacts_domain::{ids::UserId, ports::UserCache, user::User};
use moka::{future::Cache, ops::compute::Op};

/// Users kept: a few megabytes.
const CAPACITY: u64 = 10_000;
/// What the port allows at most.
const TIME_TO_LIVE: Duration = Duration::from_secs(30);

/// Keeps the users that are asked for most, each for 30 seconds from when it was put.
#[derive(Clone)]
pub struct MemoryUserCache {
    users: Cache<UserId, Arc<User>>,
}

impl MemoryUserCache {
    pub fn new() -> Self {
        let users = Cache::builder()
            .max_capacity(CAPACITY)
            // Counted from the put: reading a user does not keep them.
            .time_to_live(TIME_TO_LIVE)
            .build();
        Self { users }
    }
}

impl Default for MemoryUserCache {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl UserCache for MemoryUserCache {
    async fn get(&self, id: UserId) -> Option<User> {
        self.users.get(&id).await.map(|user| User::clone(&user))
    }

    async fn put(&self, user: &User) {
        let entry = self.users.entry(user.id);
        // Nobody else computes the same entry meanwhile.
        let replace = |current: Option<moka::Entry<UserId, Arc<User>>>| {
            let newer_is_there = current.is_some_and(|current| current.value().version > user.version);
            let op = if newer_is_there { Op::Nop } else { Op::Put(Arc::new(user.clone())) };
            std::future::ready(op)
        };
        entry.and_compute_with(replace).await;
    }
}

impl fmt::Debug for MemoryUserCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryUserCache").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_forgotten_in_time_and_kept_within_bounds() {
        let policy = MemoryUserCache::new().users.policy();
        assert_eq!(policy.time_to_live(), Some(Duration::from_secs(30)));
        assert_eq!(policy.max_capacity(), Some(10_000));
    }
}
