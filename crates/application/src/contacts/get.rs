//! Reading one contact.

use std::sync::Arc;

use contacts_domain::{
    contact::Contact,
    ids::{ContactId, UserId},
    ports::UnitOfWorkFactory,
    precondition::{EntityTag, Preconditions, Unmet},
};

use crate::{Error, Result};

/// A contact that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "it is handed on at once, and mostly is a contact")]
pub enum Found {
    /// The preconditions hold, or there were none.
    Contact(Contact),
    /// It is in a state that the client has already: this one.
    NotModified(EntityTag),
}

/// Reads one contact of a user.
pub struct GetContact {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl GetContact {
    /// `NotFound` for somebody else's contact too.
    pub async fn execute(&self, owner: UserId, id: ContactId, preconditions: &Preconditions) -> Result<Found> {
        let contact = self.store.read().contacts().find(owner, id).await?.ok_or(Error::NotFound)?;
        match preconditions.check(&contact) {
            Ok(()) => Ok(Found::Contact(contact)),
            Err(Unmet::IfMatch) => Err(Error::PreconditionFailed),
            Err(Unmet::IfNoneMatch) => Ok(Found::NotModified(EntityTag::of(&contact))),
        }
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{FakeStore, a_contact, ada, current, stale, unavailable, unless_current};

    #[tokio::test]
    async fn a_contact_is_read_without_a_transaction() {
        let store = FakeStore::reading(|reads| {
            let find = reads.contacts.expect_find().times(1).with(eq(ada().id), eq(a_contact().id));
            find.returning(|_, _| Ok(Some(a_contact())));
        });
        let found = GetContact { store }.execute(ada().id, a_contact().id, &Preconditions::default()).await;
        assert_eq!(found.unwrap(), Found::Contact(a_contact()));
    }

    async fn execute_if(preconditions: Preconditions) -> Result<Found> {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_find().times(1).returning(|_, _| Ok(Some(a_contact())));
        });
        GetContact { store }.execute(ada().id, a_contact().id, &preconditions).await
    }

    #[tokio::test]
    async fn a_client_that_has_the_contact_already_is_not_given_it_again() {
        let found = execute_if(unless_current()).await.unwrap();
        assert_eq!(found, Found::NotModified(EntityTag::of(&a_contact())));
    }

    #[tokio::test]
    async fn a_client_that_insists_on_another_state_is_refused() {
        assert!(matches!(execute_if(stale()).await, Err(Error::PreconditionFailed)));
        assert_eq!(execute_if(current()).await.unwrap(), Found::Contact(a_contact()));
    }

    #[tokio::test]
    async fn what_the_owner_does_not_have_is_not_found() {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_find().times(1).returning(|_, _| Ok(None));
        });
        let result = GetContact { store }.execute(ada().id, a_contact().id, &Preconditions::default()).await;
        assert!(matches!(result, Err(Error::NotFound)));
    }

    #[tokio::test]
    async fn a_contact_is_not_missing_because_the_database_is_unavailable() {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_find().times(1).returning(|_, _| Err(unavailable()));
        });
        let result = GetContact { store }.execute(ada().id, a_contact().id, &Preconditions::default()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
