use async_trait::async_trait;

use super::RepositoryResult;
use crate::{audit::AuditEvent, ids::UserId};

/// The audit log, read outside of a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AuditReader: Send + Sync {
    /// The latest events, the newest first, at most `limit`: of one user, or of all.
    async fn latest(&self, user: Option<UserId>, limit: u32) -> RepositoryResult<Vec<AuditEvent>>;
}

/// The audit log, within the transaction of what it tells. It outlives the accounts that it names.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AuditLog: Send {
    async fn record(&mut self, event: &AuditEvent) -> RepositoryResult<()>;
}
