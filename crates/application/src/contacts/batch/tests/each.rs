//! Batches of which each operation stands for itself.

use contacts_domain::{creation_quota::Exceeded, idempotency::Reserved};

use super::*;
use crate::testing::{broken, transaction};

async fn execute(store: &Arc<FakeStore>, operations: Vec<OperationRequest>) -> Result<Vec<OperationResult>> {
    super::execute(store, false, operations).await
}

/// Expects that the book is locked for so many changes, after so many creations.
fn expect_lock(work: &mut FakeUnitOfWork, changes: u32, creations: i64) {
    work.expect_numbers(Numbers { changes, creations: 0 }, locked(creations));
}

/// Expects that so many creations are taken, after these.
fn expect_creations(work: &mut FakeUnitOfWork, count: u32, before: i64) {
    let last = before + i64::from(count);
    work.expect_numbers(Numbers { changes: 0, creations: count }, locked(last));
    expect_record(work, last, count);
}

#[tokio::test]
async fn each_operation_has_its_own_result_and_the_others_happen() {
    let store = FakeStore::writing(|work| {
        expect_lock(work, 6, 0);
        expect_creations(work, 1, 0);
        expect_insert(work, created(1, 38));
        work.contacts.expect_find().times(1).returning(|_, _| Ok(Some(a_contact())));
        expect_delete(work, 40, false);
        work.contacts.expect_find().times(1).returning(|_, _| Ok(Some(a_contact())));
        expect_update(work, updated("Amazing", 41));
        work.contacts.expect_find().times(1).returning(|_, _| Ok(Some(updated("Amazing", 41))));
    });
    let operations = vec![
        creating_wrongly(),
        creating(),
        stale(updating("Amazing")),
        deleting(),
        updating("Amazing"),
        updating("Amazing"),
    ];
    let results = execute(&store, operations).await.unwrap();
    let [
        Err(Error::Invalid(errors)),
        Ok(OperationDone::Created(first)),
        Err(Error::PreconditionFailed),
        Err(Error::NotFound),
        Ok(OperationDone::Updated(second)),
        Ok(OperationDone::Updated(third)),
    ] = &results[..]
    else {
        panic!("{results:?}")
    };
    let faults: Vec<_> = errors.iter().map(|error| (error.field(), error.code)).collect();
    assert_eq!(faults, [("contact/email", ViolationCode::InvalidEmail)]);
    let amazing = updated("Amazing", 41);
    assert_eq!((first, second, third), (&created(1, 38), &amazing, &amazing));
    assert_eq!(store.ended(), Ended::Committed);
}

#[tokio::test]
async fn all_operations_together_are_told_a_thousand_faults_and_each_one_at_least() {
    let mut errors = ValidationErrors::new();
    for number in 0..300 {
        errors.push(Violation::new(ViolationCode::UnknownField, "no such field").at(number.to_string()));
    }
    let wrong = OperationRequest { errors, ..deleting() };
    let results = execute(&FakeStore::untouched(), vec![wrong; 6]).await.unwrap();
    let count = |result| match result {
        Err(Error::Invalid(errors)) => errors.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(results.into_iter().map(count).collect::<Vec<_>>(), [300, 300, 300, 100, 1, 1]);
}

#[tokio::test]
async fn a_patch_that_leaves_no_name_is_told_with_its_place_in_the_operation() {
    let mut nameless = a_contact();
    nameless.details.first_name = None;
    let store = FakeStore::writing(|work| {
        expect_lock(work, 1, 0);
        work.expect_find(Some(nameless));
    });
    let patch = ContactPatch { last_name: Change::Clear, ..ContactPatch::default() };
    let operations = vec![OperationRequest { patch: Some(patch), ..with("update") }];
    let batch = Batch { required: Arc::new(RequiredFields::none()), ..batch(&store) };
    let request = BatchRequest { operations, atomic: false, errors: ValidationErrors::new() };
    let Ok(Done::Now(mut results)) = batch.execute(&ada(), request, None).await else { panic!("it fails") };
    assert_eq!(faults(results.remove(0)), [fault("patch/first_name", ViolationCode::Required)]);
}

#[tokio::test]
async fn the_first_creations_are_made_that_the_quota_allows_and_the_others_told_until_when() {
    let store = FakeStore::writing(|work| {
        expect_lock(work, 5, 1);
        let lately = Creations { last: 1, count: 1, at: now() };
        // Of four one is too many: the deciding one of two is the one that was made lately.
        work.address_books.expect_find_creations().returning(move |_, number| Ok((number == 1).then_some(lately)));
        expect_creations(work, 2, 1);
        expect_insert(work, created(1, 38));
        expect_delete(work, 39, true);
        expect_insert(work, created(2, 40));
    });
    let operations = vec![creating(), deleting(), creating(), creating(), creating()];
    let results = execute(&store, operations).await.unwrap();
    let [Ok(_), Ok(_), Ok(_), Err(third), Err(fourth)] = &results[..] else { panic!("{results:?}") };
    for error in [third, fourth] {
        let Error::QuotaExceeded { exceeded: Exceeded::Until(at), .. } = error else { panic!("{error:?}") };
        assert_eq!(*at, now() + chrono::TimeDelta::hours(1));
    }
    assert_eq!(store.ended(), Ended::Committed);
}

#[tokio::test]
async fn where_all_are_wrong_in_themselves_no_transaction_begins() {
    let results = execute(&FakeStore::untouched(), vec![creating_wrongly(), creating_wrongly()]).await.unwrap();
    for result in results {
        assert_eq!(faults(result), [fault("contact/email", ViolationCode::InvalidEmail)]);
    }
}

#[tokio::test]
async fn where_all_are_wrong_in_themselves_that_is_the_answer_which_is_kept() {
    let store = FakeStore::writing_in_turn([
        transaction(|work| {
            work.idempotency.expect_reserve().times(1).returning(|_| Ok(Some(Reserved::Ours)));
        }),
        transaction(|work| {
            expect_lock(work, 1, 0);
            let keep = work.idempotency.expect_keep().times(1).withf(|_, answer| answer.body == b"1");
            keep.returning(|_, _| Ok(true));
        }),
    ]);
    let failures = |results: &Vec<OperationResult>| results.iter().filter(|result| result.is_err()).count();
    let once = once(move |results| an_answer(failures(results).to_string()));
    let operations = vec![creating_wrongly()];
    let request = BatchRequest { operations, atomic: false, errors: ValidationErrors::new() };
    assert!(matches!(batch(&store).execute(&ada(), request, once).await, Ok(Done::Now(_))));
    assert_eq!(store.endings(), [Ended::Committed; 2]);
}

#[tokio::test]
async fn a_failure_of_the_database_fails_all() {
    let store = FakeStore::writing(|work| {
        expect_lock(work, 2, 0);
        expect_delete(work, 41, true);
        work.contacts.expect_find().times(1).returning(|_, _| Err(broken()));
    });
    let result = execute(&store, vec![deleting(), updating("Amazing")]).await;
    assert!(matches!(result, Err(Error::Internal(_))));
    assert_eq!(store.ended(), Ended::RolledBack);
}
