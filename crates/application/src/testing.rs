//! What the tests of the use cases share: a store that remembers how its transaction ended, a clock
//! that stands still, and sample values.

mod store;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chrono::{TimeDelta, TimeZone as _, Utc};
use contacts_domain::{
    Timestamp,
    address_book::{AddressBook, ChangeStamp},
    birthday_window::LeapDayRule,
    contact::Contact,
    contact_draft::{Circumstances, ContactDraft},
    email_address::EmailAddress,
    ids::{AddressBookId, ContactId, UserId},
    language::Language,
    ports::{Clock, IdGenerator, RepositoryError},
    required_fields::RequiredFields,
    time_zone::TimeZone,
    user::User,
    validation::ViolationCode,
};
use uuid::Uuid;

pub(crate) use store::{Ended, FakeStore};

use crate::{Error, Result};

pub(crate) fn unavailable() -> RepositoryError {
    RepositoryError::Unavailable("connection refused".into())
}

pub(crate) fn broken() -> RepositoryError {
    RepositoryError::Backend("syntax error".into())
}

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        now()
    }
}

/// A clock on which it is always [`now`].
pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock)
}

pub(crate) fn now() -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 22, 20, 0, 0).unwrap() + TimeDelta::microseconds(123_456)
}

#[derive(Default)]
struct CountingIds(AtomicU64);

impl IdGenerator for CountingIds {
    fn next(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)) + 1)
    }
}

/// Ids that count from 1.
pub(crate) fn ids() -> Arc<dyn IdGenerator> {
    Arc::new(CountingIds::default())
}

/// A user who registered yesterday, in UTC.
pub(crate) fn ada() -> User {
    let yesterday = now() - TimeDelta::days(1);
    User {
        id: UserId::new(Uuid::from_u128(0xada)),
        email: EmailAddress::parse("Ada@example.com").unwrap(),
        email_verified: false,
        name: None,
        language: Language::English,
        time_zone: TimeZone::UTC,
        leap_day_rule: LeapDayRule::Feb28,
        phone_region: None,
        version: 3,
        created_at: yesterday,
        updated_at: yesterday,
    }
}

/// What the lock of Ada's address book gives out.
pub(crate) fn stamp() -> ChangeStamp {
    let book = AddressBook { id: AddressBookId::new(Uuid::from_u128(0xb00)), owner: ada().id };
    ChangeStamp { book, seq: 42 }
}

pub(crate) fn a_draft() -> ContactDraft {
    ContactDraft {
        first_name: Some("Grace".into()),
        last_name: Some("Hopper".into()),
        email: Some("grace@example.com".into()),
        phone: Some("+44 20 7946 0000".into()),
        birthday: Some("1906-12-09".into()),
        ..ContactDraft::default()
    }
}

/// The contact of [`a_draft`], which Ada wrote yesterday.
pub(crate) fn a_contact() -> Contact {
    let required = RequiredFields::default();
    let yesterday = now() - TimeDelta::days(1);
    let circumstances = Circumstances { today: yesterday.date_naive(), phone_region: None, required: &required };
    Contact {
        id: ContactId::new(Uuid::from_u128(0xc0)),
        owner: ada().id,
        details: a_draft().validate(circumstances).unwrap(),
        created_at: yesterday,
        updated_at: yesterday,
    }
}

/// What was wrong with a request, field by field.
pub(crate) fn faults<T>(result: Result<T>) -> Vec<(String, ViolationCode)> {
    match result {
        Err(Error::Invalid(errors)) => errors.iter().map(|error| (error.field().to_owned(), error.code)).collect(),
        Err(other) => panic!("another error than that the request is not valid: {other:?}"),
        Ok(_) => panic!("the request was accepted"),
    }
}

/// The codes of [`faults`], easy to write down.
pub(crate) fn fault(field: &str, code: ViolationCode) -> (String, ViolationCode) {
    (field.to_owned(), code)
}
