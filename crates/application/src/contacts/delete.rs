//! Moving a contact into the trash.

use std::sync::Arc;

use contacts_domain::{
    ids::{ContactId, UserId},
    ports::{Clock, UnitOfWorkFactory},
    precondition::Preconditions,
};

use super::writing::{find_to_write, lock_to_change};
use crate::{
    Error, Result,
    transaction::{Outcome, in_transaction},
};

/// Deletes a contact of a user.
pub struct DeleteContact {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
}

impl DeleteContact {
    /// A second time it is `NotFound`: the contact is not there any more.
    pub async fn execute(&self, owner: UserId, id: ContactId, preconditions: &Preconditions) -> Result<()> {
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let stamp = lock_to_change(work, owner).await?;
                if *preconditions != Preconditions::default() {
                    find_to_write(work, owner, id, preconditions).await?;
                }
                if !work.contacts().delete(id, self.clock.now(), &stamp).await? {
                    return Err(Error::NotFound);
                }
                Ok(Outcome::Commit(()))
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{Ended, FakeStore, a_contact, ada, broken, clock, current, now, stale, stamp, unless_current};

    async fn execute_if(store: &Arc<FakeStore>, preconditions: &Preconditions) -> Result<()> {
        DeleteContact { store: store.clone(), clock: clock() }.execute(ada().id, a_contact().id, preconditions).await
    }

    async fn execute(store: &Arc<FakeStore>) -> Result<()> {
        execute_if(store, &Preconditions::default()).await
    }

    #[tokio::test]
    async fn a_contact_is_deleted_under_the_lock_of_its_address_book() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            let delete = work.contacts.expect_delete().times(1).with(eq(a_contact().id), eq(now()), eq(stamp()));
            delete.returning(|_, _, _| Ok(true));
        });
        assert!(execute(&store).await.is_ok());
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn a_contact_in_the_state_that_the_client_knows_is_deleted() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_delete().times(1).returning(|_, _, _| Ok(true));
        });
        assert!(execute_if(&store, &current()).await.is_ok());
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn nothing_is_deleted_when_the_contact_is_in_another_state() {
        for preconditions in [stale(), unless_current()] {
            let store = FakeStore::writing(|work| {
                work.expect_change();
                work.expect_find(Some(a_contact()));
                work.contacts.expect_delete().never();
            });
            assert!(matches!(execute_if(&store, &preconditions).await, Err(Error::PreconditionFailed)));
            assert_eq!(store.ended(), Ended::RolledBack);
        }
    }

    #[tokio::test]
    async fn what_is_not_there_is_told_before_its_state() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(None);
        });
        assert!(matches!(execute_if(&store, &stale()).await, Err(Error::NotFound)));
    }

    #[tokio::test]
    async fn the_change_is_undone_when_the_owner_has_no_such_contact() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.contacts.expect_delete().times(1).returning(|_, _, _| Ok(false));
        });
        assert!(matches!(execute(&store).await, Err(Error::NotFound)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_deleted_when_the_account_is_gone() {
        let store = FakeStore::writing(|work| {
            work.expect_no_book();
            work.contacts.expect_delete().never();
        });
        assert!(matches!(execute(&store).await, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_change_is_undone_when_the_contact_cannot_be_deleted() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.contacts.expect_delete().times(1).returning(|_, _, _| Err(broken()));
        });
        assert!(matches!(execute(&store).await, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_deletion_is_announced_when_the_commit_fails() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.contacts.expect_delete().times(1).returning(|_, _, _| Ok(true));
            work.commit_fails = true;
        });
        assert!(matches!(execute(&store).await, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        assert!(matches!(execute(&FakeStore::unreachable()).await, Err(Error::Unavailable(_))));
    }
}
