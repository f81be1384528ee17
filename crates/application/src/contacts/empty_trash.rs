//! Emptying the trash.

use std::sync::Arc;

use contacts_domain::{address_book::Numbers, ids::UserId, ports::UnitOfWorkFactory};

use super::writing::lock;
use crate::{
    Result,
    transaction::{Outcome, in_transaction},
};

/// How many contacts are forgotten in one transaction.
const AT_ONCE: u32 = 500;

/// Forgets the details of everything in a user's trash.
pub struct EmptyTrash {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl EmptyTrash {
    /// An empty trash is emptied too. Some are forgotten in one transaction, so that others can write meanwhile:
    /// where it fails half-way, some are left.
    pub async fn execute(&self, owner: UserId) -> Result<()> {
        while self.empty_some(owner).await? == u64::from(AT_ONCE) {}
        Ok(())
    }

    async fn empty_some(&self, owner: UserId) -> Result<u64> {
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                // It takes no number, for the changes feed told the deletions already. The lock keeps those away
                // who restore meanwhile.
                let locked = lock(work, owner, Numbers { changes: 0, creations: 0 }).await?;
                Ok(Outcome::Commit(work.contacts().empty_trash(&locked, AT_ONCE).await?))
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        Error,
        testing::{Ended, FakeStore, ada, broken, locked, transaction},
    };

    const NO_NUMBERS: Numbers = Numbers { changes: 0, creations: 0 };

    async fn execute(store: &Arc<FakeStore>) -> Result<()> {
        EmptyTrash { store: store.clone() }.execute(ada().id).await
    }

    #[tokio::test]
    async fn the_trash_is_emptied_under_the_lock_whether_or_not_something_is_in_it() {
        for count in [0, 3] {
            let store = FakeStore::writing(|work| {
                work.expect_numbers(NO_NUMBERS, locked(0));
                work.contacts
                    .expect_empty_trash()
                    .times(1)
                    .with(eq(locked(0)), eq(AT_ONCE))
                    .returning(move |_, _| Ok(count));
            });
            assert!(execute(&store).await.is_ok());
            assert_eq!(store.ended(), Ended::Committed);
        }
    }

    #[tokio::test]
    async fn a_full_trash_is_emptied_in_several_transactions() {
        let emptying = |count| {
            transaction(|work| {
                work.expect_numbers(NO_NUMBERS, locked(0));
                work.contacts.expect_empty_trash().times(1).returning(move |_, _| Ok(count));
            })
        };
        let store = FakeStore::writing_in_turn([emptying(500), emptying(500), emptying(7)]);
        assert!(execute(&store).await.is_ok());
        assert_eq!(store.endings(), [Ended::Committed, Ended::Committed, Ended::Committed]);
    }

    #[tokio::test]
    async fn nothing_is_emptied_when_the_account_is_gone() {
        let store = FakeStore::writing(|work| work.expect_no_book());
        assert!(matches!(execute(&store).await, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn everything_stays_when_the_trash_cannot_be_emptied() {
        let store = FakeStore::writing(|work| {
            work.expect_numbers(NO_NUMBERS, locked(0));
            work.contacts.expect_empty_trash().times(1).returning(|_, _| Err(broken()));
        });
        assert!(matches!(execute(&store).await, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        assert!(matches!(execute(&FakeStore::unreachable()).await, Err(Error::Unavailable(_))));
    }
}
