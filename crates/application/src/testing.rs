//! What the tests of the use cases share: a store that remembers how its transactions ended, a clock
//! that stands still, ports that nobody may ask, and sample values.

mod ports;
mod requests;
mod samples;
mod store;
mod transaction;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chrono::{TimeDelta, TimeZone as _, Utc};
use contacts_domain::{
    Timestamp,
    ports::{Clock, IdGenerator, RepositoryError},
    validation::{ValidationErrors, Violation, ViolationCode},
};
use uuid::Uuid;

pub(crate) use ports::{a_limit, attempts, dependencies, hashing, invalidating, limiter, policy, refusing, verifying};
pub(crate) use requests::{a_request, an_answer, answered, once};
pub(crate) use samples::{
    a_book, a_caller, a_contact, a_draft, a_hash, a_lease, a_link, a_mail, a_session, ada, an_avatar, another_address,
    current, current_ada, lifetimes, locked, locked_ada, stale, stamp, unless_current,
};
pub(crate) use store::{Ended, FakeReads, FakeStore, transaction};
pub(crate) use transaction::FakeUnitOfWork;

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

/// What is wrong with a request that holds a field `unknown`.
pub(crate) fn unknown_field() -> ValidationErrors {
    let mut errors = ValidationErrors::new();
    errors.push(Violation::new(ViolationCode::UnknownField, "There is no such field.").at("unknown"));
    errors
}
