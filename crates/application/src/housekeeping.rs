//! Forgetting what is no longer needed.

use std::sync::Arc;

use chrono::TimeDelta;
use contacts_domain::{
    Timestamp,
    audit::AuditKind,
    creation_quota::CreationQuota,
    idempotency::KEEP_ANSWER,
    ports::{Clock, UnitOfWork, UnitOfWorkFactory},
    trash::{KEEP_IN_TRASH, KEEP_TOMBSTONE},
};

use crate::{
    Dependencies, Result,
    audit::Auditor,
    transaction::{Outcome, Work, in_transaction},
};

/// Sessions that ended are kept for this long: a login from an address that is known by them is not a
/// stranger's.
const KEEP_SESSIONS: TimeDelta = TimeDelta::days(90);
/// Links that are used up or over are kept for this long: how many there were lately limits the next.
const KEEP_LINKS: TimeDelta = TimeDelta::days(2);
/// A mail that was given up waits for so long for an operator.
const KEEP_DEAD_MAILS: TimeDelta = TimeDelta::days(30);
/// What happened to accounts is told for so long: a year, and whoever looks back at it some weeks later.
const KEEP_AUDIT_LOG: TimeDelta = TimeDelta::days(400);
/// An account that was never verified and never used stays for this long.
const KEEP_UNUSED_ACCOUNTS: TimeDelta = TimeDelta::days(7);
/// How many such accounts are deleted at once; the others by the next time.
const ACCOUNTS: u32 = 500;
/// How many deleted contacts are forgotten in one transaction, which others may wait for.
const CONTACTS: u32 = 500;

/// Deletes what has had its time: all that came of age since it was last done, but of unused accounts, which take
/// much along, a batch at once. Replicas may do it at the same time.
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
    /// Sessions that ended, or were ended, 90 days ago.
    pub sessions: u64,
    /// Links that were made two days ago, and cannot be used any more.
    pub links: u64,
    /// Lines of the ledgers of creations that decide nothing any more.
    pub creations: u64,
    /// Mails that were given up 30 days ago.
    pub mails: u64,
    /// Entries of the audit log that are 400 days old.
    pub audit_entries: u64,
    /// Accounts that were never verified and never used in seven days; none where nobody needs to verify.
    pub accounts: usize,
    /// Contacts that were in the trash for long: their details.
    pub trashed: u64,
    /// What was left of them: that they were deleted.
    pub tombstones: u64,
    /// Answers to idempotent requests.
    pub answers: u64,
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

    /// Each kind in a transaction of its own: one that held the rows of two could meet an account that is
    /// deleted, and takes its own rows along in another order.
    pub async fn execute(&self) -> Result<Swept> {
        let now = self.clock.now();
        let sessions = in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Commit(work.sessions().purge(now - KEEP_SESSIONS).await?)) })
        })
        .await?;
        let links = in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Commit(work.links().purge(now - KEEP_LINKS, now).await?)) })
        })
        .await?;
        let horizon = self.quota.horizon(now);
        let creations = in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Commit(work.address_books().purge_creations(horizon).await?)) })
        })
        .await?;
        let mails = in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Commit(work.outbox().purge(now - KEEP_DEAD_MAILS).await?)) })
        })
        .await?;
        let audit_entries = in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Commit(work.audit().purge(now - KEEP_AUDIT_LOG).await?)) })
        })
        .await?;
        let accounts = if self.require_verified_email { self.delete_unused_accounts(now).await? } else { 0 };
        let trashed = in_batches(&*self.store, |work| {
            let before = now - KEEP_IN_TRASH;
            Box::pin(async move { Ok(Outcome::Commit(work.contacts().purge_trash(before, CONTACTS).await?)) })
        })
        .await?;
        let tombstones = in_batches(&*self.store, |work| {
            let before = now - KEEP_TOMBSTONE;
            Box::pin(async move { Ok(Outcome::Commit(work.contacts().forget_tombstones(before, CONTACTS).await?)) })
        })
        .await?;
        let answers = in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Commit(work.idempotency().purge(now - KEEP_ANSWER).await?)) })
        })
        .await?;
        Ok(Swept { sessions, links, creations, mails, audit_entries, accounts, trashed, tombstones, answers })
    }

    /// Where an address must be verified, an account that never was blocks it for its owner.
    async fn delete_unused_accounts(&self, now: Timestamp) -> Result<usize> {
        let before = now - KEEP_UNUSED_ACCOUNTS;
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let users = work.users().delete_unused(before, ACCOUNTS).await?;
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

/// Forgets contacts batch by batch, each in a transaction of its own, until one is not full. How many they were.
async fn in_batches<'a, F>(store: &dyn UnitOfWorkFactory, forget: F) -> Result<u64>
where
    F: for<'w> Fn(&'w mut (dyn UnitOfWork + 'a)) -> Work<'w, u64>,
{
    let mut total = 0;
    loop {
        let count = in_transaction(store, &forget).await?;
        total += count;
        if count < u64::from(CONTACTS) {
            return Ok(total);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use contacts_domain::ids::UserId;
    use mockall::predicate::eq;
    use uuid::Uuid;

    use super::*;
    use crate::{
        Error, Policy,
        testing::{Ended, FakeStore, FakeUnitOfWork, ada, broken, dependencies, now, policy, transaction},
    };

    async fn execute(store: &Arc<FakeStore>, require_verified_email: bool) -> Result<Swept> {
        let creation_quota = CreationQuota::new(10, Duration::from_hours(1));
        let policy = Policy { require_verified_email, creation_quota, ..policy() };
        Housekeeping::new(&Dependencies { policy, ..dependencies(store) }).execute().await
    }

    fn purges_sessions() -> FakeUnitOfWork {
        transaction(|work| {
            work.sessions.expect_purge().times(1).with(eq(now() - TimeDelta::days(90))).returning(|_| Ok(1));
        })
    }

    fn purges_links() -> FakeUnitOfWork {
        transaction(|work| {
            let purge = work.links.expect_purge().times(1).with(eq(now() - TimeDelta::days(2)), eq(now()));
            purge.returning(|_, _| Ok(2));
        })
    }

    fn purges_creations() -> FakeUnitOfWork {
        transaction(|work| {
            let purge = work.address_books.expect_purge_creations().times(1).with(eq(now() - TimeDelta::hours(1)));
            purge.returning(|_| Ok(3));
        })
    }

    fn purges_trash(count: u64) -> FakeUnitOfWork {
        transaction(|work| {
            work.of_all_books = true;
            let purge = work.contacts.expect_purge_trash().times(1);
            purge.with(eq(now() - TimeDelta::days(30)), eq(500)).returning(move |_, _| Ok(count));
        })
    }

    fn forgets_tombstones(count: u64) -> FakeUnitOfWork {
        transaction(|work| {
            work.of_all_books = true;
            let forget = work.contacts.expect_forget_tombstones().times(1);
            forget.with(eq(now() - TimeDelta::days(365)), eq(500)).returning(move |_, _| Ok(count));
        })
    }

    fn purges_answers(count: u64) -> FakeUnitOfWork {
        transaction(|work| {
            let purge = work.idempotency.expect_purge().times(1).with(eq(now() - TimeDelta::hours(24)));
            purge.returning(move |_| Ok(count));
        })
    }

    fn purges_mails() -> FakeUnitOfWork {
        transaction(|work| {
            work.outbox.expect_purge().times(1).with(eq(now() - TimeDelta::days(30))).returning(|_| Ok(4));
        })
    }

    fn purges_audit_log() -> FakeUnitOfWork {
        transaction(|work| {
            work.audit.expect_purge().times(1).with(eq(now() - TimeDelta::days(400))).returning(|_| Ok(5));
        })
    }

    /// A store in which each kind is purged, and then this is done.
    fn purging(then: impl IntoIterator<Item = FakeUnitOfWork>) -> Arc<FakeStore> {
        let purges = [purges_sessions(), purges_links(), purges_creations(), purges_mails(), purges_audit_log()];
        FakeStore::writing_in_turn(purges.into_iter().chain(then))
    }

    fn grace() -> UserId {
        UserId::new(Uuid::from_u128(0x9))
    }

    /// Expects that accounts of this age are deleted, and that two were.
    fn expect_deletion(work: &mut FakeUnitOfWork) {
        let delete = work.users.expect_delete_unused().times(1).with(eq(now() - TimeDelta::days(7)), eq(500));
        delete.returning(|_, _| Ok(vec![ada().id, grace()]));
    }

    /// Expects the entry of an account that nobody asked to remove.
    fn expect_entry(work: &mut FakeUnitOfWork, user: UserId) {
        let record = work.audit.expect_record().times(1).withf(move |event| {
            (event.kind, event.user, event.session) == (AuditKind::AccountPurged, Some(user), None)
                && (&event.caller, event.at) == (&None, now())
        });
        record.returning(|_| Ok(()));
    }

    #[tokio::test]
    async fn what_has_had_its_time_is_deleted_kind_by_kind() {
        let store = purging([purges_trash(6), forgets_tombstones(7), purges_answers(8)]);
        let swept = execute(&store, false).await.unwrap();
        let of_accounts = Swept { sessions: 1, links: 2, creations: 3, mails: 4, audit_entries: 5, ..Swept::default() };
        assert_eq!(swept, Swept { trashed: 6, tombstones: 7, answers: 8, ..of_accounts });
        assert_eq!(store.endings(), [Ended::Committed; 8]);
    }

    #[tokio::test]
    async fn contacts_are_forgotten_batch_by_batch_until_one_is_not_full() {
        let store = purging([
            purges_trash(500),
            purges_trash(500),
            purges_trash(0),
            forgets_tombstones(500),
            forgets_tombstones(499),
            purges_answers(0),
        ]);
        let swept = execute(&store, false).await.unwrap();
        assert_eq!((swept.trashed, swept.tombstones), (1000, 999));
        assert_eq!(store.endings(), [Ended::Committed; 11]);
    }

    #[tokio::test]
    async fn unused_accounts_are_deleted_and_audited_where_verification_is_required_alone() {
        let deletes = transaction(|work| {
            expect_deletion(work);
            expect_entry(work, ada().id);
            expect_entry(work, grace());
        });
        let store = purging([deletes, purges_trash(0), forgets_tombstones(0), purges_answers(0)]);
        assert_eq!(execute(&store, true).await.unwrap().accounts, 2);
        assert_eq!(store.endings(), [Ended::Committed; 9]);
    }

    #[tokio::test]
    async fn no_account_is_deleted_that_cannot_be_audited() {
        let deletes = transaction(|work| {
            expect_deletion(work);
            work.audit.expect_record().times(1).returning(|_| Err(broken()));
        });
        let store = purging([deletes]);
        assert!(matches!(execute(&store, true).await, Err(Error::Internal(_))));
        assert_eq!(store.endings()[5], Ended::RolledBack);
    }

    #[tokio::test]
    async fn a_batch_that_fails_is_undone_and_ends_it() {
        let fails = transaction(|work| {
            work.of_all_books = true;
            work.contacts.expect_purge_trash().times(1).returning(|_, _| Err(broken()));
        });
        let store = purging([purges_trash(500), fails]);
        assert!(matches!(execute(&store, false).await, Err(Error::Internal(_))));
        assert_eq!(store.endings()[5..], [Ended::Committed, Ended::RolledBack]);
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        assert!(matches!(execute(&FakeStore::unreachable(), true).await, Err(Error::Unavailable(_))));
    }
}
