use async_trait::async_trait;

use crate::{ids::UserId, user::User};

/// Users that were read a moment ago, so that an authenticated request need not read them again.
///
/// A cache never fails: what it cannot tell, it does not know. An entry MUST be forgotten at most 30
/// seconds after it was stored.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait UserCache: Send + Sync {
    async fn get(&self, id: UserId) -> Option<User>;

    /// Remembers the user. MUST NOT replace a newer version by an older one.
    async fn put(&self, user: &User);
}
