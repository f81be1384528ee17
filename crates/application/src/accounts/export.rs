//! Handing out everything that a user wrote.

use std::sync::Arc;

use contacts_domain::{
    contact::Contact,
    ids::{ContactId, UserId},
    ports::UnitOfWorkFactory,
};

use crate::Result;

/// Hands out a user's contacts, piece by piece.
pub struct ExportContacts {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl ExportContacts {
    /// How many contacts a piece holds: as many as a batch takes back.
    pub const CHUNK: u32 = contacts_domain::batch::MAX_OPERATIONS as u32;

    /// The next contacts by id, from behind `after` on. Fewer than [`CHUNK`](Self::CHUNK) are the last.
    pub async fn execute(&self, owner: UserId, after: Option<ContactId>) -> Result<Vec<Contact>> {
        Ok(self.store.read().contacts().by_id(owner, after, Self::CHUNK).await?)
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        Error,
        testing::{FakeStore, a_contact, ada, unavailable},
    };

    #[tokio::test]
    async fn contacts_are_handed_out_500_at_once_from_behind_the_last_one() {
        for after in [None, Some(a_contact().id)] {
            let store = FakeStore::reading(|reads| {
                let read = reads.contacts.expect_by_id().times(1).with(eq(ada().id), eq(after), eq(500));
                read.returning(|_, _, _| Ok(vec![a_contact()]));
            });
            assert_eq!(ExportContacts { store }.execute(ada().id, after).await.unwrap(), [a_contact()]);
        }
    }

    #[tokio::test]
    async fn an_export_does_not_end_because_the_database_is_unavailable() {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_by_id().times(1).returning(|_, _, _| Err(unavailable()));
        });
        assert!(matches!(ExportContacts { store }.execute(ada().id, None).await, Err(Error::Unavailable(_))));
    }
}
