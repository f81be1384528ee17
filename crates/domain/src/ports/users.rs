use async_trait::async_trait;

use super::RepositoryResult;
use crate::{
    ids::UserId,
    password::PasswordHash,
    user::{Credentials, User},
};

/// Users, read outside of a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait UserReader: Send + Sync {
    async fn find(&self, id: UserId) -> RepositoryResult<Option<User>>;

    /// The user with this [account key](crate::email_address::account_key).
    async fn find_credentials(&self, account_key: &str) -> RepositoryResult<Option<Credentials>>;
}

/// Users, within a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait UserRepository: Send {
    /// MUST return `Conflict(UserEmail)` where another user has an address with the same account key,
    /// however many register it at once.
    async fn insert(&mut self, user: &User, password_hash: &PasswordHash) -> RepositoryResult<()>;

    /// Locks the user until the transaction ends and returns it as it is now, with a version one
    /// higher: the version it will have once it is updated. A rollback takes the version back.
    async fn lock(&mut self, id: UserId) -> RepositoryResult<Option<User>>;

    /// Writes the profile and `updated_at` of a locked user.
    async fn update(&mut self, user: &User) -> RepositoryResult<()>;
}
