//! Writing down a new contact.

use std::sync::Arc;

use contacts_domain::{
    contact::Contact,
    contact_draft::ContactDraft,
    creation_quota::CreationQuota,
    ids::ContactId,
    ports::{Clock, IdGenerator, UnitOfWorkFactory},
    required_fields::RequiredFields,
    user::User,
};

use super::{circumstances, quota::lock_to_create};
use crate::{
    Result,
    transaction::{Outcome, in_transaction},
};

/// Adds a contact to a user's address book.
pub struct CreateContact {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) required: Arc<RequiredFields>,
    pub(super) quota: CreationQuota,
}

impl CreateContact {
    pub async fn execute(&self, user: &User, draft: ContactDraft) -> Result<Contact> {
        let details = draft.validate(circumstances(user, self.clock.now(), &self.required))?;
        let (id, owner) = (ContactId::new(self.ids.next()), user.id);
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let (stamp, now) = lock_to_create(work, owner, 1, &self.quota, &*self.clock).await?;
                let contact = Contact { id, owner, details, created_at: now, updated_at: now };
                work.contacts().insert(&contact, &stamp).await?;
                Ok(Outcome::Commit(contact))
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        phone::{Phone, PhoneRegion},
        time_zone::TimeZone,
        validation::ViolationCode,
    };
    use mockall::predicate::eq;
    use uuid::Uuid;

    use super::*;
    use crate::{
        Error,
        testing::{Ended, FakeStore, a_contact, a_draft, ada, broken, clock, fault, faults, ids, now, stamp},
    };

    /// The contact of the sample draft, written now under the first id there is.
    fn grace() -> Contact {
        Contact { id: ContactId::new(Uuid::from_u128(1)), created_at: now(), updated_at: now(), ..a_contact() }
    }

    fn create(store: &Arc<FakeStore>) -> CreateContact {
        CreateContact { store: store.clone(), clock: clock(), ids: ids(), required: Arc::default() }
    }

    #[tokio::test]
    async fn a_contact_is_written_under_the_lock_of_its_address_book() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.contacts.expect_insert().times(1).with(eq(grace()), eq(stamp())).returning(|_, _| Ok(()));
        });
        let contact = create(&store).execute(&ada(), a_draft()).await.unwrap();
        assert_eq!(contact, grace());
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn no_transaction_begins_when_the_draft_is_not_valid() {
        let draft = ContactDraft { email: None, phone: Some("abc".into()), ..a_draft() };
        let result = create(&FakeStore::untouched()).execute(&ada(), draft).await;
        let expected = [fault("email", ViolationCode::Required), fault("phone", ViolationCode::InvalidPhone)];
        assert_eq!(faults(result), expected);
    }

    #[tokio::test]
    async fn a_birthday_is_judged_by_the_day_where_the_user_is() {
        let tomorrow = || ContactDraft { birthday: Some("2026-11-23".into()), ..a_draft() };
        let result = create(&FakeStore::untouched()).execute(&ada(), tomorrow()).await;
        assert_eq!(faults(result), [fault("birthday", ViolationCode::BirthdayInFuture)]);

        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.contacts.expect_insert().times(1).returning(|_, _| Ok(()));
        });
        let on_kiritimati = User { time_zone: TimeZone::parse("Pacific/Kiritimati").unwrap(), ..ada() };
        assert!(create(&store).execute(&on_kiritimati, tomorrow()).await.is_ok());
    }

    #[tokio::test]
    async fn a_phone_number_is_understood_as_it_is_dialled_where_the_user_is() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.contacts.expect_insert().times(1).returning(|_, _| Ok(()));
        });
        let in_poland = User { phone_region: PhoneRegion::parse("PL").ok(), ..ada() };
        let draft = ContactDraft { phone: Some("22 555 03 10".into()), ..a_draft() };
        let contact = create(&store).execute(&in_poland, draft).await.unwrap();
        assert_eq!(contact.details.phone.as_ref().and_then(Phone::e164), Some("+48225550310"));
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_account_is_gone() {
        let store = FakeStore::writing(|work| {
            work.address_books.expect_advance().times(1).returning(|_| Ok(None));
            work.contacts.expect_insert().never();
        });
        let result = create(&store).execute(&ada(), a_draft()).await;
        assert!(matches!(result, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_address_book_cannot_be_locked() {
        let store = FakeStore::writing(|work| {
            work.address_books.expect_advance().times(1).returning(|_| Err(broken()));
            work.contacts.expect_insert().never();
        });
        let result = create(&store).execute(&ada(), a_draft()).await;
        assert!(matches!(result, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_change_is_undone_when_the_contact_cannot_be_written() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.contacts.expect_insert().times(1).returning(|_, _| Err(broken()));
        });
        let result = create(&store).execute(&ada(), a_draft()).await;
        assert!(matches!(result, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_contact_is_announced_when_the_commit_fails() {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.contacts.expect_insert().times(1).returning(|_, _| Ok(()));
            work.commit_fails = true;
        });
        let result = create(&store).execute(&ada(), a_draft()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        let result = create(&FakeStore::unreachable()).execute(&ada(), a_draft()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
