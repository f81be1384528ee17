//! Writing a contact anew.

use std::sync::Arc;

use contacts_domain::{
    contact::Contact,
    contact_draft::ContactDraft,
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

/// Replaces everything that a user wrote of a contact.
pub struct ReplaceContact {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) required: Arc<RequiredFields>,
}

impl ReplaceContact {
    /// The contact as it is now: what the draft leaves out is gone. Where nothing changes, nothing is written, as
    /// with a patch.
    pub async fn execute(
        &self,
        user: &User,
        id: ContactId,
        draft: ContactDraft,
        preconditions: &Preconditions,
    ) -> Result<Contact> {
        let details = draft.validate(circumstances(user, self.clock.now(), &self.required))?;
        let owner = user.id;
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let stamp = lock_to_change(work, owner).await?;
                let current = find_to_write(work, owner, id, preconditions).await?;
                rewrite(work, current, details, self.clock.now(), &stamp).await?.ok_or(Error::NotFound)
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{contact::ContactDetails, person_name::PersonName, validation::ViolationCode};
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{
        Ended, FakeStore, a_contact, a_draft, ada, broken, clock, current, fault, faults, now, stale, stamp,
        unless_current,
    };

    fn anew() -> ContactDraft {
        ContactDraft { first_name: Some("Amazing Grace".into()), ..a_draft() }
    }

    fn replaced() -> Contact {
        let first_name = PersonName::parse("Amazing Grace").ok();
        let details = ContactDetails { first_name, ..a_contact().details };
        Contact { details, seq: stamp().seq, updated_at: now(), ..a_contact() }
    }

    fn replace(store: &Arc<FakeStore>) -> ReplaceContact {
        ReplaceContact { store: store.clone(), clock: clock(), required: Arc::default() }
    }

    #[tokio::test]
    async fn the_details_and_the_time_of_change_are_replaced_and_nothing_else() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_update().times(1).with(eq(replaced()), eq(stamp())).returning(|_, _| Ok(true));
        });
        let contact = replace(&store).execute(&ada(), a_contact().id, anew(), &Preconditions::default()).await.unwrap();
        assert_eq!(contact, replaced());
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn nothing_is_written_when_nothing_changes() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_update().never();
        });
        let result = replace(&store).execute(&ada(), a_contact().id, a_draft(), &Preconditions::default()).await;
        assert_eq!(result.unwrap(), a_contact());
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn a_contact_in_the_state_that_the_client_knows_is_replaced() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_update().times(1).returning(|_, _| Ok(true));
        });
        assert!(replace(&store).execute(&ada(), a_contact().id, anew(), &current()).await.is_ok());
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_contact_is_in_another_state() {
        for preconditions in [stale(), unless_current()] {
            let store = FakeStore::writing(|work| {
                work.expect_change();
                work.expect_find(Some(a_contact()));
                work.contacts.expect_update().never();
            });
            let result = replace(&store).execute(&ada(), a_contact().id, anew(), &preconditions).await;
            assert!(matches!(result, Err(Error::PreconditionFailed)));
            assert_eq!(store.ended(), Ended::RolledBack);
        }
    }

    #[tokio::test]
    async fn what_is_left_out_is_gone() {
        let mut noted = a_contact();
        noted.details.additional_data = contacts_domain::notes::Notes::parse("met at Harvard".into()).ok();
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(noted));
            work.contacts.expect_update().times(1).returning(|_, _| Ok(true));
        });
        let contact = replace(&store).execute(&ada(), a_contact().id, anew(), &Preconditions::default()).await.unwrap();
        assert_eq!(contact.details.additional_data, None);
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_before_anybody_looks_whether_the_contact_exists() {
        let draft = ContactDraft { birthday: None, email: Some("grace".into()), ..a_draft() };
        let result =
            replace(&FakeStore::untouched()).execute(&ada(), a_contact().id, draft, &Preconditions::default()).await;
        let expected = [fault("birthday", ViolationCode::Required), fault("email", ViolationCode::InvalidEmail)];
        assert_eq!(faults(result), expected);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_account_is_gone() {
        let store = FakeStore::writing(|work| {
            work.expect_no_book();
            work.contacts.expect_update().never();
        });
        let result = replace(&store).execute(&ada(), a_contact().id, anew(), &Preconditions::default()).await;
        assert!(matches!(result, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_owner_has_no_such_contact() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(None);
            work.contacts.expect_update().never();
        });
        let result = replace(&store).execute(&ada(), a_contact().id, anew(), &Preconditions::default()).await;
        assert!(matches!(result, Err(Error::NotFound)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_change_is_undone_when_there_was_nothing_to_update() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_update().times(1).returning(|_, _| Ok(false));
        });
        let result = replace(&store).execute(&ada(), a_contact().id, anew(), &Preconditions::default()).await;
        assert!(matches!(result, Err(Error::NotFound)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_change_is_undone_when_the_contact_cannot_be_written() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
            work.contacts.expect_update().times(1).returning(|_, _| Err(broken()));
        });
        let result = replace(&store).execute(&ada(), a_contact().id, anew(), &Preconditions::default()).await;
        assert!(matches!(result, Err(Error::Internal(_))));
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
        let result = replace(&store).execute(&ada(), a_contact().id, anew(), &Preconditions::default()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        let result =
            replace(&FakeStore::unreachable()).execute(&ada(), a_contact().id, anew(), &Preconditions::default()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
