use async_trait::async_trait;

use super::RepositoryResult;
use crate::{
    Timestamp,
    ids::{SessionId, UserId},
    session::{CurrentUser, Session},
};

/// Sessions, read outside of a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait SessionReader: Send + Sync {
    /// The user of a session, where both exist, belong together, and the session is neither revoked nor
    /// expired. One statement.
    async fn find_current(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
    ) -> RepositoryResult<Option<CurrentUser>>;

    /// The sessions of a user that are neither revoked nor expired, the one used last first, ties by id.
    async fn list(&self, user: UserId, now: Timestamp) -> RepositoryResult<Vec<Session>>;
}

/// Sessions, within a transaction. The user is a parameter where a user asks: somebody else's session
/// does not exist.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send {
    /// Adds a session, whose user exists.
    async fn insert(&mut self, session: &Session) -> RepositoryResult<()>;

    /// Locks a session until the transaction ends, so that a concurrent rotation or revocation is either
    /// seen or waits.
    async fn lock(&mut self, user: UserId, id: SessionId) -> RepositoryResult<Option<Session>>;

    /// Counts a refresh: the counter becomes one more, `last_used_at` is `now` and `expires_at` is set.
    /// One conditional statement: `false`, and nothing happens, unless the counter is this one and the
    /// session is neither revoked nor expired.
    async fn rotate(
        &mut self,
        user: UserId,
        id: SessionId,
        counter: i64,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> RepositoryResult<bool>;

    /// `false` where there is none that is not revoked yet and not expired.
    async fn revoke(&mut self, user: UserId, id: SessionId, now: Timestamp) -> RepositoryResult<bool>;

    /// Revokes the user's sessions, all or all but one; how many there were.
    async fn revoke_all(&mut self, user: UserId, except: Option<SessionId>, now: Timestamp) -> RepositoryResult<u64>;

    /// Deletes sessions that expired, or were revoked, before this time; how many there were.
    async fn purge(&mut self, ended_before: Timestamp) -> RepositoryResult<u64>;
}
