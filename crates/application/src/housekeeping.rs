//! Forgetting what is no longer needed.

use std::sync::Arc;

use chrono::TimeDelta;
use contacts_domain::{
    audit::AuditKind,
    creation_quota::CreationQuota,
    ports::{Clock, UnitOfWorkFactory},
};

use crate::{
    Dependencies, Result,
    audit::Auditor,
    transaction::{Outcome, in_transaction},
};

/// Sessions that ended are kept for this long: a login from an address that is known by them is not a
/// stranger's.
const KEEP_SESSIONS: TimeDelta = TimeDelta::days(90);
/// Links that are used up or over are kept for this long: how many there were lately limits the next.
const KEEP_LINKS: TimeDelta = TimeDelta::days(2);
/// An account that was never verified and never used stays for this long.
const KEEP_UNUSED_ACCOUNTS: TimeDelta = TimeDelta::days(7);
const BATCH: u32 = 500;

/// Deletes what has had its time, a little at once. Replicas may do it at the same time.
pub struct Housekeeping {
    store: Arc<dyn UnitOfWorkFactory>,
    clock: Arc<dyn Clock>,
    auditor: Auditor,
    quota: CreationQuota,
    require_verified_email: bool,
}

/// How much was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub sessions: u64,
    pub links: u64,
    pub creations: u64,
    pub accounts: usize,
}

impl Housekeeping {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        let Dependencies { store, clock, ids, policy, .. } = dependencies;
        Self {
            store: store.clone(),
            clock: clock.clone(),
            auditor: Auditor { clock: clock.clone(), ids: ids.clone() },
            quota: policy.creation_quota,
            require_verified_email: policy.require_verified_email,
        }
    }

    pub async fn execute(&self) -> Result<Swept> {
        let now = self.clock.now();
        let mut swept = in_transaction(&*self.store, |work| {
            Box::pin(async move {
                Ok(Outcome::Commit(Swept {
                    sessions: work.sessions().purge(now - KEEP_SESSIONS).await?,
                    links: work.links().purge(now - KEEP_LINKS, now).await?,
                    creations: work.address_books().purge_creations(self.quota.horizon(now)).await?,
                    accounts: 0,
                }))
            })
        })
        .await?;
        if self.require_verified_email {
            swept.accounts = self.delete_unused_accounts().await?;
        }
        Ok(swept)
    }

    /// Where an address must be verified, an account that never was blocks it for its owner.
    async fn delete_unused_accounts(&self) -> Result<usize> {
        let before = self.clock.now() - KEEP_UNUSED_ACCOUNTS;
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let users = work.users().delete_unused(before, BATCH).await?;
                for user in &users {
                    let event = self.auditor.event(AuditKind::AccountPurged, Some(*user), None, None);
                    work.audit().record(&event).await?;
                }
                Ok(Outcome::Commit(users.len()))
            })
        })
        .await
    }
}
