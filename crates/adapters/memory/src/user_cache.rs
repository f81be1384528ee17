use std::time::Duration;

use async_trait::async_trait;
use contacts_domain::{ids::UserId, ports::UserCache, user::User};
use moka::{future::Cache, ops::compute::Op};

/// How long a user is remembered.
const TIME_TO_LIVE: Duration = Duration::from_secs(30);
/// How many users are remembered; the least used are forgotten first.
const CAPACITY: u64 = 10_000;

/// Users in the memory of this process.
#[derive(Clone, Debug)]
pub struct MemoryUserCache {
    users: Cache<UserId, User>,
}

impl MemoryUserCache {
    pub fn new() -> Self {
        Self { users: Cache::builder().max_capacity(CAPACITY).time_to_live(TIME_TO_LIVE).build() }
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
        self.users.get(&id).await
    }

    async fn put(&self, user: &User) {
        // Computations on one key follow each other, so that the comparison holds when it is acted on.
        self.users
            .entry(user.id)
            .and_compute_with(|known| {
                let newer = known.is_none_or(|known| known.into_value().version <= user.version);
                std::future::ready(if newer { Op::Put(user.clone()) } else { Op::Nop })
            })
            .await;
    }
}
