//! Changing some fields of a contact.

use std::sync::Arc;

use contacts_domain::{
    contact::Contact,
    contact_patch::ContactPatch,
    ids::ContactId,
    ports::{Clock, UnitOfWorkFactory},
    precondition::Preconditions,
    required_fields::RequiredFields,
    user::User,
};

use super::{
    circumstances,
    writing::{find_to_write, lock_to_change, rewrite},
};
use crate::{Error, Result, transaction::in_transaction};

/// Changes the fields of a contact that a patch names.
pub struct PatchContact {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) required: Arc<RequiredFields>,
}

impl PatchContact {
    /// The contact after the changes. Where nothing changes, nothing is written, the time of the last
    /// change included.
    pub async fn execute(
        &self,
        user: &User,
        id: ContactId,
        patch: ContactPatch,
        preconditions: &Preconditions,
    ) -> Result<Contact> {
        let patch = patch.validate(circumstances(user, self.clock.now(), &self.required))?;
        let owner = user.id;
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let stamp = lock_to_change(work, owner).await?;
                let current = find_to_write(work, owner, id, preconditions).await?;
                let details = patch.apply(current.details.clone())?;
                rewrite(work, current, details, self.clock.now(), &stamp).await?.ok_or(Error::NotFound)
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        contact::ContactDetails, contact_patch::Change, person_name::PersonName, validation::ViolationCode,
    };
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{
        Ended, FakeStore, a_contact, ada, broken, clock, current, fault, faults, now, stale, stamp, unless_current,
    };

    fn amazing() -> ContactPatch {
        ContactPatch { first_name: Change::Set("Amazing Grace".into()), ..ContactPatch::default() }
    }

    fn patched() -> Contact {
        let first_name = PersonName::parse("Amazing Grace").ok();
        let details = ContactDetails { first_name, ..a_contact().details };
        Contact { details, seq: stamp().seq, updated_at: now(), ..a_contact() }
    }

    fn patch(store: &Arc<FakeStore>, required: RequiredFields) -> PatchContact {
        PatchContact { store: store.clone(), clock: clock(), required: Arc::new(required) }
    }

    async fn execute_if(
        store: &Arc<FakeStore>,
        changes: ContactPatch,
        preconditions: &Preconditions,
    ) -> Result<Contact> {
        patch(store, RequiredFields::default()).execute(&ada(), a_contact().id, changes, preconditions).await
    }

    async fn execute(store: &Arc<FakeStore>, changes: ContactPatch) -> Result<Contact> {
        execute_if(store, changes, &Preconditions::default()).await
    }

    #[tokio::test]
    async fn the_named_field_and_the_time_of_change_are_written_and_nothing_else_changes() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_update().times(1).with(eq(patched()), eq(stamp())).returning(|_, _| Ok(true));
        });
        assert_eq!(execute(&store, amazing()).await.unwrap(), patched());
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn nothing_is_written_when_nothing_changes() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_update().never();
        });
        let same = ContactPatch { first_name: Change::Set(" Grace ".into()), ..ContactPatch::default() };
        assert_eq!(execute(&store, same).await.unwrap(), a_contact());
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_before_anybody_looks_whether_the_contact_exists() {
        let wrong = ContactPatch { email: Change::Clear, phone: Change::Set("abc".into()), ..ContactPatch::default() };
        let expected = [fault("email", ViolationCode::Required), fault("phone", ViolationCode::InvalidPhone)];
        assert_eq!(faults(execute(&FakeStore::untouched(), wrong).await), expected);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_contact_would_lose_its_last_name() {
        let mut nameless = a_contact();
        nameless.details.first_name = None;
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(nameless));
            work.contacts.expect_update().never();
        });
        let changes = ContactPatch { last_name: Change::Clear, ..ContactPatch::default() };
        let patch = patch(&store, RequiredFields::none());
        let result = patch.execute(&ada(), a_contact().id, changes, &Preconditions::default()).await;
        assert_eq!(faults(result), [fault("first_name", ViolationCode::Required)]);
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn a_contact_in_the_state_that_the_client_knows_is_changed() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_update().times(1).with(eq(patched()), eq(stamp())).returning(|_, _| Ok(true));
        });
        assert_eq!(execute_if(&store, amazing(), &current()).await.unwrap(), patched());
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_contact_is_in_another_state() {
        for preconditions in [stale(), unless_current()] {
            let store = FakeStore::writing(|work| {
                work.expect_change();
                work.expect_find(Some(a_contact()));
                work.contacts.expect_update().never();
            });
            let result = execute_if(&store, amazing(), &preconditions).await;
            assert!(matches!(result, Err(Error::PreconditionFailed)));
            assert_eq!(store.ended(), Ended::RolledBack);
        }
    }

    #[tokio::test]
    async fn what_is_not_there_is_told_before_its_state() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(None);
        });
        assert!(matches!(execute_if(&store, amazing(), &stale()).await, Err(Error::NotFound)));
    }

    #[tokio::test]
    async fn another_state_is_told_before_what_the_patch_would_leave_of_the_contact() {
        let mut nameless = a_contact();
        nameless.details.first_name = None;
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(nameless));
        });
        let changes = ContactPatch { last_name: Change::Clear, ..ContactPatch::default() };
        let patch = patch(&store, RequiredFields::none());
        let result = patch.execute(&ada(), a_contact().id, changes, &stale()).await;
        assert!(matches!(result, Err(Error::PreconditionFailed)));
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_account_is_gone() {
        let store = FakeStore::writing(|work| {
            work.expect_no_book();
            work.contacts.expect_update().never();
        });
        assert!(matches!(execute(&store, amazing()).await, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_owner_has_no_such_contact() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(None);
            work.contacts.expect_update().never();
        });
        assert!(matches!(execute(&store, amazing()).await, Err(Error::NotFound)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_change_is_undone_when_there_was_nothing_to_update() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_update().times(1).returning(|_, _| Ok(false));
        });
        assert!(matches!(execute(&store, amazing()).await, Err(Error::NotFound)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_change_is_undone_when_the_contact_cannot_be_written() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_update().times(1).returning(|_, _| Err(broken()));
        });
        assert!(matches!(execute(&store, amazing()).await, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_change_is_announced_when_the_commit_fails() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_update().times(1).returning(|_, _| Ok(true));
            work.commit_fails = true;
        });
        assert!(matches!(execute(&store, amazing()).await, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        assert!(matches!(execute(&FakeStore::unreachable(), amazing()).await, Err(Error::Unavailable(_))));
    }
}
