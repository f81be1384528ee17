//! Handing out everything that a user wrote.

use std::sync::Arc;

use contacts_domain::{
    contact::Contact,
    ids::{ContactId, UserId},
    ports::UnitOfWorkFactory,
};

use crate::{Error, Result};

/// Hands out a user's contacts, piece by piece.
pub struct ExportContacts {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl ExportContacts {
    /// How many contacts a piece holds: few, for a client that is slow, or means harm, has one of them held in memory.
    pub const CHUNK: u32 = 100;

    /// The next contacts by id, from behind `after` on. Fewer than [`CHUNK`](Self::CHUNK) are the last: where the
    /// account is gone by then, that is an error, for nobody knows what was to follow.
    pub async fn execute(&self, owner: UserId, after: Option<ContactId>) -> Result<Vec<Contact>> {
        let reads = self.store.read();
        let contacts = reads.contacts().by_id(owner, after, Self::CHUNK).await?;
        if contacts.len() < Self::CHUNK as usize && reads.users().find(owner).await?.is_none() {
            return Err(Error::InvalidToken);
        }
        Ok(contacts)
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{FakeStore, a_contact, ada, unavailable};

    #[tokio::test]
    async fn contacts_are_handed_out_100_at_once_from_behind_the_last_one() {
        for after in [None, Some(a_contact().id)] {
            let store = FakeStore::reading(|reads| {
                let read = reads.contacts.expect_by_id().times(1).with(eq(ada().id), eq(after), eq(100));
                read.returning(|_, _, _| Ok(vec![a_contact(); 100]));
            });
            assert_eq!(ExportContacts { store }.execute(ada().id, after).await.unwrap().len(), 100);
        }
    }

    #[tokio::test]
    async fn fewer_are_the_last_unless_the_account_is_gone() {
        for user in [Some(ada()), None] {
            let known = user.is_some();
            let store = FakeStore::reading(|reads| {
                reads.contacts.expect_by_id().times(1).returning(|_, _, _| Ok(vec![a_contact()]));
                reads.users.expect_find().times(1).with(eq(ada().id)).return_once(|_| Ok(user));
            });
            let handed_out = ExportContacts { store }.execute(ada().id, None).await;
            match known {
                true => assert_eq!(handed_out.unwrap(), [a_contact()]),
                false => assert!(matches!(handed_out, Err(Error::InvalidToken))),
            }
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
