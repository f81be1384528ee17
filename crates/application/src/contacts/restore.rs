//! Taking a contact out of the trash.

use contacts_domain::{
    contact::Contact,
    ids::{ContactId, UserId},
};

use super::{
    once::{Attempts, Done, Once},
    writing::lock_to_change,
};
use crate::{Error, Result, transaction::Outcome};

/// Takes a contact out of a user's trash.
pub struct RestoreContact {
    pub(super) attempts: Attempts,
}

impl RestoreContact {
    /// The contact as it was, under its old id. It is no creation: no quota is asked. `NotFound` where it is not
    /// in the trash.
    pub async fn execute(&self, owner: UserId, id: ContactId, once: Option<Once<Contact>>) -> Result<Done<Contact>> {
        let work = self.attempts.carry_out(once, |work| {
            Box::pin(async move {
                let stamp = lock_to_change(work, owner).await?;
                let restored = work.contacts().restore(id, &stamp).await?;
                restored.map(Outcome::Commit).ok_or(Error::NotFound)
            })
        });
        work.await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{Ended, FakeStore, a_contact, ada, an_answer, answered, attempts, broken, once, stamp};

    async fn execute(store: &Arc<FakeStore>) -> Result<Done<Contact>> {
        RestoreContact { attempts: attempts(store) }.execute(ada().id, a_contact().id, None).await
    }

    #[tokio::test]
    async fn a_contact_is_restored_under_the_lock_of_its_address_book_and_no_quota_is_asked() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            let restore = work.contacts.expect_restore().times(1).with(eq(a_contact().id), eq(stamp()));
            restore.returning(|_, _| Ok(Some(a_contact())));
        });
        assert_eq!(execute(&store).await.unwrap(), Done::Now(a_contact()));
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn what_was_restored_before_under_its_key_is_not_restored_again() {
        let restore = RestoreContact { attempts: attempts(&answered("before")) };
        let result = restore.execute(ada().id, a_contact().id, once(|_| an_answer("now"))).await;
        assert_eq!(result.unwrap(), Done::Before(an_answer("before")));
    }

    #[tokio::test]
    async fn what_is_not_in_the_trash_is_not_found() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.contacts.expect_restore().times(1).returning(|_, _| Ok(None));
        });
        assert!(matches!(execute(&store).await, Err(Error::NotFound)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_restored_when_the_account_is_gone() {
        let store = FakeStore::writing(|work| work.expect_no_book());
        assert!(matches!(execute(&store).await, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_change_is_undone_when_the_contact_cannot_be_restored() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.contacts.expect_restore().times(1).returning(|_, _| Err(broken()));
        });
        assert!(matches!(execute(&store).await, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        assert!(matches!(execute(&FakeStore::unreachable()).await, Err(Error::Unavailable(_))));
    }
}
