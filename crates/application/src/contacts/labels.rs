//! Listing labels.

use std::sync::Arc;

use contacts_domain::{ids::UserId, labels::LabelCount, ports::UnitOfWorkFactory};

use crate::Result;

/// Lists the labels that a user's contacts have.
pub struct ListLabels {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl ListLabels {
    /// All of them, each with how many contacts have it.
    pub async fn execute(&self, owner: UserId) -> Result<Vec<LabelCount>> {
        Ok(self.store.read().contacts().labels(owner).await?)
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::labels::Label;
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        Error,
        testing::{FakeStore, ada, unavailable},
    };

    #[tokio::test]
    async fn the_owners_labels_are_listed_with_their_counts() {
        let chess = || vec![LabelCount { label: Label::from_stored("Chess".into()), contacts: 2 }];
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_labels().times(1).with(eq(ada().id)).returning(move |_| Ok(chess()));
        });
        assert_eq!(ListLabels { store }.execute(ada().id).await.unwrap(), chess());
    }

    #[tokio::test]
    async fn there_are_no_labels_only_where_the_database_says_so() {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_labels().times(1).returning(|_| Err(unavailable()));
        });
        assert!(matches!(ListLabels { store }.execute(ada().id).await, Err(Error::Unavailable(_))));
    }
}
