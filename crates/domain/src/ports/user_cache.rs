use async_trait::async_trait;

use crate::{
    ids::{SessionId, UserId},
    session::CachedUser,
};

/// The version that is greater than all others: nothing of a user is to be believed any more.
pub const GONE: i64 = i64::MAX;

/// Users and their sessions that were read a moment ago, so that an authenticated request need not read
/// them again.
///
/// A cache never fails: what it cannot tell, it does not know. An entry MUST be forgotten at most 30
/// seconds after it was put; who gets it looks at how old it is ([`CachedUser::is_fresh`]).
///
/// Whatever ends a session or changes a user makes a new version of the user, is committed, and is then
/// told here, even where the answer to the commit was lost. From then on no older version MUST be returned by
/// this cache, however late it is put: a reader may have read it before the commit.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait UserCache: Send + Sync {
    /// What was put under this session of this user. `None` where there is nothing, or nothing to be believed.
    async fn get(&self, user: UserId, session: SessionId) -> Option<CachedUser>;

    /// Remembers what was read from the database, under its session. MUST NOT replace a newer version of
    /// the user by an older one.
    async fn put(&self, entry: &CachedUser);

    /// Says that versions of a user below `minimum` are not to be believed. A minimum never falls. One that the
    /// user never reaches, for the commit did not happen, costs nothing but misses for as long as it is kept: the
    /// user is read from the database meanwhile.
    async fn invalidate(&self, user: UserId, minimum: i64);
}

/// Hears what other replicas tell their cache.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
pub trait InvalidationListener: Send + Sync {
    /// From now on every invalidation is heard.
    fn connected(&self);

    /// As [`UserCache::invalidate`].
    fn invalidated(&self, user: UserId, minimum: i64);

    /// From now on some may be missed: copies that depend on hearing them MUST be dropped.
    fn disconnected(&self);
}
