//! Beginning the changes feed anew.

use std::sync::Arc;

use contacts_domain::{
    ids::Epoch,
    ports::{IdGenerator, UnitOfWorkFactory},
};

use crate::{
    Result,
    transaction::{Outcome, in_transaction},
};

/// Has every client that follows changes read all contacts anew.
///
/// A database that was restored from a backup knows nothing of what was told after it, and gives the same numbers again
/// to other changes: whoever goes on from a number of before would keep what is not there, and miss what is.
pub struct RestartChanges {
    store: Arc<dyn UnitOfWorkFactory>,
    ids: Arc<dyn IdGenerator>,
}

impl RestartChanges {
    /// For a command that needs nothing else.
    pub const fn new(store: Arc<dyn UnitOfWorkFactory>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { store, ids }
    }

    /// How many address books there are.
    pub async fn execute(&self) -> Result<u64> {
        let epoch = Epoch::new(self.ids.next());
        in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Commit(work.address_books().begin_histories(epoch).await?)) })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;
    use uuid::Uuid;

    use super::*;
    use crate::{
        Error,
        testing::{Ended, FakeStore, broken, ids},
    };

    #[tokio::test]
    async fn every_book_begins_another_history() {
        let store = FakeStore::writing(|work| {
            let begin = work.address_books.expect_begin_histories().times(1);
            begin.with(eq(Epoch::new(Uuid::from_u128(1)))).returning(|_| Ok(7));
        });
        assert_eq!(RestartChanges::new(store.clone(), ids()).execute().await.unwrap(), 7);
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn all_books_go_on_when_one_cannot() {
        let store = FakeStore::writing(|work| {
            work.address_books.expect_begin_histories().times(1).returning(|_| Err(broken()));
        });
        assert!(matches!(RestartChanges::new(store.clone(), ids()).execute().await, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }
}
