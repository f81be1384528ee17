//! Writing down a new contact.

use std::sync::Arc;

use contacts_domain::{
    address_book::Numbers,
    contact::Contact,
    contact_draft::ContactDraft,
    creation_quota::CreationQuota,
    ids::ContactId,
    ports::{Clock, IdGenerator},
    required_fields::RequiredFields,
    user::User,
};

use super::{
    circumstances,
    once::{Attempts, Done, Once},
    quota::lock_to_create,
};
use crate::{Result, transaction::Outcome};

/// Adds a contact to a user's address book.
pub struct CreateContact {
    pub(super) attempts: Attempts,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) required: Arc<RequiredFields>,
    pub(super) quota: CreationQuota,
}

impl CreateContact {
    /// The contact as it is stored, or, with `once`, what was answered to an earlier attempt.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::Error::Invalid) for everything that is wrong with the draft;
    /// [`QuotaExceeded`](crate::Error::QuotaExceeded); [`IdempotencyKeyReused`](crate::Error::IdempotencyKeyReused)
    /// and [`InFlight`](crate::Error::InFlight), with `once` alone; [`InvalidToken`](crate::Error::InvalidToken) where
    /// the account is gone.
    pub async fn execute(
        &self,
        user: &User,
        draft: ContactDraft,
        once: Option<Once<Contact>>,
    ) -> Result<Done<Contact>> {
        let details = match draft.validate(circumstances(user, self.clock.now(), &self.required)) {
            Ok(details) => details,
            Err(errors) => return self.attempts.refuse(once, errors.into()).await,
        };
        let (id, owner) = (ContactId::new(self.ids.next()), user.id);
        let work = self.attempts.carry_out(once, |work| {
            Box::pin(async move {
                let numbers = Numbers { changes: 1, creations: 1 };
                let (locked, now) = lock_to_create(work, owner, numbers, &self.quota, &*self.clock).await?;
                let stamp = locked.last();
                let contact = Contact { id, owner, details, seq: stamp.seq, created_at: now, updated_at: now };
                work.contacts().insert(&contact, &stamp).await?;
                Ok(Outcome::Commit(contact))
            })
        });
        work.await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::TimeDelta;
    use contacts_domain::{
        creation_quota::{Creations, Exceeded},
        idempotency::Reserved,
        phone::{Phone, PhoneRegion},
        time_zone::TimeZone,
        validation::ViolationCode,
    };
    use mockall::predicate::eq;
    use uuid::Uuid;

    use super::*;
    use crate::{
        Error,
        testing::{
            Ended, FakeStore, FakeUnitOfWork, a_book, a_contact, a_draft, ada, an_answer, answered, attempts, broken,
            clock, fault, faults, ids, locked, now, once, stamp,
        },
    };

    /// The contact of the sample draft, written now under the first id there is.
    fn grace() -> Contact {
        Contact {
            id: ContactId::new(Uuid::from_u128(1)),
            seq: stamp().seq,
            created_at: now(),
            updated_at: now(),
            ..a_contact()
        }
    }

    /// Two contacts in an hour.
    fn quota() -> CreationQuota {
        CreationQuota::new(2, Duration::from_hours(1))
    }

    fn create(store: &Arc<FakeStore>) -> CreateContact {
        CreateContact {
            attempts: attempts(store),
            clock: clock(),
            ids: ids(),
            required: Arc::default(),
            quota: quota(),
        }
    }

    /// Expects that the book is locked for one creation, and says how many there have been by then.
    fn expect_creation(work: &mut FakeUnitOfWork, last: i64) {
        work.expect_numbers(Numbers { changes: 1, creations: 1 }, locked(last));
    }

    /// Expects that the creation of this number is looked up in the ledger, and says what is found.
    fn expect_look(work: &mut FakeUnitOfWork, number: i64, found: Option<Creations>) {
        let look = work.address_books.expect_find_creations().times(1).with(eq(a_book()), eq(number));
        look.returning(move |_, _| Ok(found));
    }

    /// Expects that the creation is noted in the ledger.
    fn expect_record(work: &mut FakeUnitOfWork, last: i64) {
        let line = Creations { last, count: 1, at: now() };
        work.address_books.expect_record_creations().times(1).with(eq(a_book()), eq(line)).returning(|_, _| Ok(()));
    }

    /// Expects the first creation of a book, for which there is nothing to look up.
    fn expect_first_creation(work: &mut FakeUnitOfWork) {
        expect_creation(work, 1);
        expect_record(work, 1);
    }

    #[tokio::test]
    async fn a_contact_is_written_under_the_lock_of_its_address_book() {
        let store = FakeStore::writing(|work| {
            expect_first_creation(work);
            work.contacts.expect_insert().times(1).with(eq(grace()), eq(stamp())).returning(|_, _| Ok(()));
        });
        let created = create(&store).execute(&ada(), a_draft(), None).await.unwrap();
        assert_eq!(created, Done::Now(grace()));
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn what_was_created_before_under_its_key_is_not_created_again() {
        let store = answered("before");
        let created = create(&store).execute(&ada(), a_draft(), once(|_| an_answer("now"))).await.unwrap();
        assert_eq!(created, Done::Before(an_answer("before")));
    }

    #[tokio::test]
    async fn what_was_created_before_is_answered_so_though_it_would_be_wrong_by_now() {
        let draft = || ContactDraft { email: None, ..a_draft() };
        let known = create(&answered("before")).execute(&ada(), draft(), once(|_| an_answer("now"))).await.unwrap();
        assert_eq!(known, Done::Before(an_answer("before")));
        let store = FakeStore::writing(|work| {
            work.idempotency.expect_reserve().times(1).returning(|_| Ok(Some(Reserved::Ours)));
        });
        let result = create(&store).execute(&ada(), draft(), once(|_| an_answer("now"))).await;
        assert_eq!(faults(result), [fault("email", ViolationCode::Required)]);
        assert_eq!(store.ended(), Ended::RolledBack, "its key stays free");
    }

    #[tokio::test]
    async fn as_many_as_the_quota_allows_need_no_look_at_the_ledger() {
        let store = FakeStore::writing(|work| {
            expect_creation(work, 2);
            expect_record(work, 2);
            work.contacts.expect_insert().times(1).returning(|_, _| Ok(()));
        });
        assert!(create(&store).execute(&ada(), a_draft(), None).await.is_ok());
    }

    #[tokio::test]
    async fn another_is_allowed_once_the_deciding_one_is_an_hour_ago_or_was_purged() {
        let an_hour_ago = Creations { last: 1, count: 1, at: now() - TimeDelta::hours(1) };
        for deciding in [Some(an_hour_ago), None] {
            let store = FakeStore::writing(|work| {
                expect_creation(work, 3);
                expect_look(work, 1, deciding);
                expect_record(work, 3);
                work.contacts.expect_insert().times(1).returning(|_, _| Ok(()));
            });
            assert!(create(&store).execute(&ada(), a_draft(), None).await.is_ok());
        }
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_quota_is_used_up_and_it_is_said_until_when() {
        let lately = now() - TimeDelta::minutes(59);
        let store = FakeStore::writing(|work| {
            expect_creation(work, 3);
            expect_look(work, 1, Some(Creations { last: 1, count: 1, at: lately }));
        });
        let result = create(&store).execute(&ada(), a_draft(), None).await;
        let Err(Error::QuotaExceeded { exceeded, now: judged_at }) = result else { panic!("{result:?}") };
        assert_eq!((exceeded, judged_at), (Exceeded::Until(now() + TimeDelta::minutes(1)), now()));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_ledger_cannot_be_read_or_written() {
        let unreadable = FakeStore::writing(|work| {
            expect_creation(work, 3);
            work.address_books.expect_find_creations().times(1).returning(|_, _| Err(broken()));
        });
        let unwritable = FakeStore::writing(|work| {
            expect_creation(work, 1);
            work.address_books.expect_record_creations().times(1).returning(|_, _| Err(broken()));
        });
        for store in [unreadable, unwritable] {
            let result = create(&store).execute(&ada(), a_draft(), None).await;
            assert!(matches!(result, Err(Error::Internal(_))));
            assert_eq!(store.ended(), Ended::RolledBack);
        }
    }

    #[tokio::test]
    async fn no_transaction_begins_when_the_draft_is_not_valid() {
        let draft = ContactDraft { email: None, phone: Some("abc".into()), ..a_draft() };
        let result = create(&FakeStore::untouched()).execute(&ada(), draft, None).await;
        let expected = [fault("email", ViolationCode::Required), fault("phone", ViolationCode::InvalidPhone)];
        assert_eq!(faults(result), expected);
    }

    #[tokio::test]
    async fn a_birthday_is_judged_by_the_day_where_the_user_is() {
        let tomorrow = || ContactDraft { birthday: Some("2026-11-23".into()), ..a_draft() };
        let result = create(&FakeStore::untouched()).execute(&ada(), tomorrow(), None).await;
        assert_eq!(faults(result), [fault("birthday", ViolationCode::BirthdayInFuture)]);

        let store = FakeStore::writing(|work| {
            expect_first_creation(work);
            work.contacts.expect_insert().times(1).returning(|_, _| Ok(()));
        });
        let on_kiritimati = User { time_zone: TimeZone::parse("Pacific/Kiritimati").unwrap(), ..ada() };
        assert!(create(&store).execute(&on_kiritimati, tomorrow(), None).await.is_ok());
    }

    #[tokio::test]
    async fn a_phone_number_is_understood_as_it_is_dialled_where_the_user_is() {
        let store = FakeStore::writing(|work| {
            expect_first_creation(work);
            work.contacts.expect_insert().times(1).returning(|_, _| Ok(()));
        });
        let in_poland = User { phone_region: PhoneRegion::parse("PL").ok(), ..ada() };
        let draft = ContactDraft { phone: Some("22 555 03 10".into()), ..a_draft() };
        let created = create(&store).execute(&in_poland, draft, None).await.unwrap();
        let Done::Now(contact) = created else { panic!("{created:?}") };
        assert_eq!(contact.details.phone.as_ref().and_then(Phone::e164), Some("+48225550310"));
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_account_is_gone() {
        let store = FakeStore::writing(|work| {
            work.expect_no_book();
        });
        let result = create(&store).execute(&ada(), a_draft(), None).await;
        assert!(matches!(result, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_address_book_cannot_be_locked() {
        let store = FakeStore::writing(|work| {
            work.address_books.expect_advance().times(1).returning(|_, _| Err(broken()));
        });
        let result = create(&store).execute(&ada(), a_draft(), None).await;
        assert!(matches!(result, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_change_is_undone_when_the_contact_cannot_be_written() {
        let store = FakeStore::writing(|work| {
            expect_first_creation(work);
            work.contacts.expect_insert().times(1).returning(|_, _| Err(broken()));
        });
        let result = create(&store).execute(&ada(), a_draft(), None).await;
        assert!(matches!(result, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_contact_is_announced_when_the_commit_fails() {
        let store = FakeStore::writing(|work| {
            expect_first_creation(work);
            work.contacts.expect_insert().times(1).returning(|_, _| Ok(()));
            work.commit_fails = true;
        });
        let result = create(&store).execute(&ada(), a_draft(), None).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        let result = create(&FakeStore::unreachable()).execute(&ada(), a_draft(), None).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
