use async_trait::async_trait;

use super::RepositoryResult;
use crate::{Timestamp, audit::AuditEvent, ids::UserId};

/// The audit log, read outside of a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AuditReader: Send + Sync {
    /// The latest events, the newest first, at most `limit`: of one user, or of all.
    async fn latest(&self, user: Option<UserId>, limit: u32) -> RepositoryResult<Vec<AuditEvent>>;
}

/// The audit log, within the transaction of what it tells. It outlives the accounts that it names, and is only
/// ever added to, until an entry is 400 days old.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AuditLog: Send {
    /// Adds an entry. It becomes visible with the transaction, and is gone with it where it is rolled back.
    async fn record(&mut self, event: &AuditEvent) -> RepositoryResult<()>;

    /// Deletes what happened before this time; how many entries there were.
    async fn purge(&mut self, happened_before: Timestamp) -> RepositoryResult<u64>;
}
