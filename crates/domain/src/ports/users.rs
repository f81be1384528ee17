use async_trait::async_trait;

use super::RepositoryResult;
use crate::{
    Timestamp,
    caller::ClientAddress,
    ids::UserId,
    password::PasswordHash,
    user::{Account, Credentials, User},
};

/// Users, read outside of a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait UserReader: Send + Sync {
    /// `None` where nobody has the id any more.
    async fn find(&self, id: UserId) -> RepositoryResult<Option<User>>;

    /// The user with this [account key](crate::email_address::account_key).
    async fn find_by_key(&self, account_key: &str) -> RepositoryResult<Option<User>>;

    /// What proves that it is the user with this id.
    async fn find_password_hash(&self, id: UserId) -> RepositoryResult<Option<PasswordHash>>;

    /// The user with this account key, what proves that it is them, and whether they know the address that
    /// asks. One statement.
    async fn find_credentials(
        &self,
        account_key: &str,
        address: ClientAddress,
    ) -> RepositoryResult<Option<Credentials>>;

    /// What an operator sees of the user with this id.
    async fn account(&self, id: UserId) -> RepositoryResult<Option<Account>>;

    /// At most `limit` accounts in the order of their account keys, those that come after this key, whose key holds this
    /// text; the empty text is the beginning, and in every key. No character of the text has a meaning of its own.
    async fn accounts(&self, after: &str, holding: &str, limit: u32) -> RepositoryResult<Vec<Account>>;
}

/// Users, within a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait UserRepository: Send {
    /// MUST return `Conflict(UserEmail)` where another user has an address with the same account key,
    /// however many register it at once.
    async fn insert(&mut self, user: &User, password_hash: &PasswordHash) -> RepositoryResult<()>;

    /// Locks the user until the transaction ends and returns it as it is now, with a version one
    /// higher: the version it will have once this is committed. A rollback takes the version back.
    async fn lock(&mut self, id: UserId) -> RepositoryResult<Option<User>>;

    /// Writes everything of a locked user but what never changes. MUST return `Conflict(UserEmail)` as
    /// [`insert`](Self::insert) does.
    async fn update(&mut self, user: &User) -> RepositoryResult<()>;

    /// Replaces the hash of a locked user, whatever it was. Takes no version of its own.
    async fn set_password_hash(&mut self, id: UserId, hash: &PasswordHash) -> RepositoryResult<()>;

    /// Keeps a locked user out, or lets them in again.
    async fn set_disabled(&mut self, id: UserId, disabled: bool) -> RepositoryResult<()>;

    /// Replaces a hash by another one, or by itself to learn whether it is still the same. `false`, and nothing
    /// happens, where it is another one meanwhile, or the user is disabled.
    async fn replace_password_hash(
        &mut self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> RepositoryResult<bool>;

    /// Notes that the user has logged in. Takes no version.
    async fn record_login(&mut self, id: UserId, at: Timestamp) -> RepositoryResult<()>;

    /// Deletes a user and all that is theirs. `false` where there is none.
    async fn delete(&mut self, id: UserId) -> RepositoryResult<bool>;

    /// Deletes users who registered before this time, never verified their address and never logged in,
    /// at most `limit`; who they were.
    async fn delete_unused(&mut self, registered_before: Timestamp, limit: u32) -> RepositoryResult<Vec<UserId>>;
}
