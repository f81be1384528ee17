//! What both kinds of batches have in common; each kind in a file of its own.

mod atomic;
mod each;

use std::time::Duration;

use contacts_domain::{
    batch::OperationRequest,
    contact_draft::ContactDraft,
    contact_patch::{Change, ContactPatch},
    creation_quota::Creations,
    idempotency::Reserved,
    ids::ContactId,
    person_name::PersonName,
    validation::{Violation, ViolationCode},
};
use mockall::predicate::eq;
use uuid::Uuid;

use super::*;
use crate::testing::{
    Ended, FakeStore, FakeUnitOfWork, a_book, a_contact, a_draft, ada, an_answer, answered, attempts, clock, current,
    fault, faults, ids, locked, now, once,
};

/// Three contacts in an hour.
const QUOTA: CreationQuota = CreationQuota::new(3, Duration::from_hours(1));

fn creating() -> OperationRequest {
    OperationRequest { op: Some("create".into()), contact: Some(a_draft()), ..OperationRequest::default() }
}

/// Wrong in itself.
fn creating_wrongly() -> OperationRequest {
    let draft = ContactDraft { email: Some("x".into()), ..a_draft() };
    OperationRequest { contact: Some(draft), ..creating() }
}

/// An operation on the sample contact.
fn with(op: &str) -> OperationRequest {
    OperationRequest { op: Some(op.into()), id: Some(a_contact().id.to_string()), ..OperationRequest::default() }
}

fn updating(first_name: &str) -> OperationRequest {
    let patch = ContactPatch { first_name: Change::Set(first_name.into()), ..ContactPatch::default() };
    OperationRequest { patch: Some(patch), ..with("update") }
}

fn deleting() -> OperationRequest {
    with("delete")
}

/// Only where the sample contact is in another state.
fn stale(operation: OperationRequest) -> OperationRequest {
    OperationRequest { if_match: Some("\"6-0\"".into()), ..operation }
}

/// The contact that was created under this id, as this change.
fn created(id: u128, seq: i64) -> Contact {
    let id = ContactId::new(Uuid::from_u128(id));
    Contact { id, seq, created_at: now(), updated_at: now(), ..a_contact() }
}

/// The sample contact with this first name since this change.
fn updated(first_name: &str, seq: i64) -> Contact {
    let mut contact = Contact { seq, updated_at: now(), ..a_contact() };
    contact.details.first_name = PersonName::parse(first_name).ok();
    contact
}

fn expect_insert(work: &mut FakeUnitOfWork, contact: Contact) {
    let insert = work.contacts.expect_insert().times(1);
    insert.withf(move |written, stamp| *written == contact && stamp.seq == contact.seq).returning(|_, _| Ok(()));
}

fn expect_update(work: &mut FakeUnitOfWork, contact: Contact) {
    let update = work.contacts.expect_update().times(1);
    update.withf(move |written, stamp| *written == contact && stamp.seq == contact.seq).returning(|_, _| Ok(true));
}

/// Expects that the sample contact is deleted as this change, and says whether it was there.
fn expect_delete(work: &mut FakeUnitOfWork, seq: i64, there: bool) {
    let delete = work.contacts.expect_delete().times(1);
    let sample = move |id: &ContactId, at: &_, stamp: &contacts_domain::address_book::ChangeStamp| {
        (*id, *at, stamp.seq) == (a_contact().id, now(), seq)
    };
    delete.withf(sample).returning(move |_, _, _| Ok(there));
}

/// Expects that so many creations are noted in the ledger together.
fn expect_record(work: &mut FakeUnitOfWork, last: i64, count: u32) {
    let line = Creations { last, count, at: now() };
    work.address_books.expect_record_creations().times(1).with(eq(a_book()), eq(line)).returning(|_, _| Ok(()));
}

fn batch(store: &Arc<FakeStore>) -> Batch {
    Batch { attempts: attempts(store), clock: clock(), ids: ids(), required: Arc::default(), quota: QUOTA }
}

async fn execute(
    store: &Arc<FakeStore>,
    atomic: bool,
    operations: Vec<OperationRequest>,
) -> Result<Vec<OperationResult>> {
    let request = BatchRequest { operations, atomic, errors: ValidationErrors::new() };
    match batch(store).execute(&ada(), request, None).await? {
        Done::Now(results) => Ok(results),
        Done::Before(answer) => panic!("it was never sent before: {answer:?}"),
    }
}

#[tokio::test]
async fn an_empty_batch_does_nothing_and_begins_no_transaction() {
    for atomic in [true, false] {
        assert!(execute(&FakeStore::untouched(), atomic, vec![]).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_batch_as_such_is_told_alone() {
    for atomic in [true, false] {
        let many = execute(&FakeStore::untouched(), atomic, vec![creating_wrongly(); 501]).await;
        assert_eq!(faults(many), [fault("operations", ViolationCode::TooMany)]);
        let errors = Violation::new(ViolationCode::WrongType, "no list").at("operations").into();
        let request = BatchRequest { operations: vec![], atomic, errors };
        let unreadable = batch(&FakeStore::untouched()).execute(&ada(), request, None).await;
        assert_eq!(faults(unreadable), [fault("operations", ViolationCode::WrongType)]);
    }
}

#[tokio::test]
async fn what_was_carried_out_before_under_its_key_is_not_carried_out_again() {
    for (atomic, operations) in [(true, vec![]), (true, vec![deleting()]), (false, vec![deleting()])] {
        let request = BatchRequest { operations, atomic, errors: ValidationErrors::new() };
        let result = batch(&answered("before")).execute(&ada(), request, once(|_| an_answer("now"))).await;
        assert!(matches!(result, Ok(Done::Before(answer)) if answer == an_answer("before")));
    }
}

#[tokio::test]
async fn an_atomic_batch_that_is_wrong_by_now_is_answered_as_it_was_or_leaves_its_key_free() {
    let request = || {
        let operations = vec![creating_wrongly()];
        BatchRequest { operations, atomic: true, errors: ValidationErrors::new() }
    };
    let known = batch(&answered("before")).execute(&ada(), request(), once(|_| an_answer("now"))).await;
    assert!(matches!(known, Ok(Done::Before(answer)) if answer == an_answer("before")));
    let store = FakeStore::writing(|work| {
        work.idempotency.expect_reserve().times(1).returning(|_| Ok(Some(Reserved::Ours)));
    });
    let result = batch(&store).execute(&ada(), request(), once(|_| an_answer("now"))).await;
    assert!(matches!(result, Err(Error::BatchFailed(_))));
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn the_database_may_be_unavailable() {
    for atomic in [true, false] {
        let result = execute(&FakeStore::unreachable(), atomic, vec![deleting()]).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}

#[tokio::test]
async fn nothing_is_done_when_the_account_is_gone() {
    for atomic in [true, false] {
        let store = FakeStore::writing(|work| work.expect_no_book());
        assert!(matches!(execute(&store, atomic, vec![creating()]).await, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }
}

#[tokio::test]
async fn a_batch_that_changes_nothing_is_rolled_back_and_a_success() {
    for atomic in [true, false] {
        let store = FakeStore::writing(|work| {
            work.expect_change();
            work.expect_find(Some(a_contact()));
        });
        let results = execute(&store, atomic, vec![updating("Grace")]).await.unwrap();
        assert!(matches!(&results[..], [Ok(OperationDone::Updated(contact))] if *contact == a_contact()));
        assert_eq!(store.ended(), Ended::RolledBack);
    }
}
