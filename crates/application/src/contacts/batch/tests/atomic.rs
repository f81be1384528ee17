//! Batches of which all happens, or nothing.

use contacts_domain::creation_quota::Exceeded;

use super::*;
use crate::testing::broken;

async fn execute(store: &Arc<FakeStore>, operations: Vec<OperationRequest>) -> Result<Vec<OperationResult>> {
    super::execute(store, true, operations).await
}

/// What was wrong with the operations.
fn failed(result: Result<Vec<OperationResult>>) -> Vec<(String, ViolationCode)> {
    match result {
        Err(Error::BatchFailed(errors)) => faults::<()>(Err(Error::Invalid(errors))),
        other => panic!("it did not fail as a batch: {other:?}"),
    }
}

#[tokio::test]
async fn operations_are_carried_out_in_order_each_as_a_change_of_its_own() {
    let store = FakeStore::writing(|work| {
        work.expect_numbers(Numbers { changes: 4, creations: 2 }, locked(2));
        expect_record(work, 2, 2);
        expect_insert(work, created(1, 39));
        work.expect_find(Some(a_contact()));
        expect_update(work, updated("Amazing", 40));
        expect_insert(work, created(2, 41));
        expect_delete(work, 42, true);
    });
    let results = execute(&store, vec![creating(), updating("Amazing"), creating(), deleting()]).await.unwrap();
    let done: Vec<_> = results.into_iter().map(Result::unwrap).collect();
    let expected = [
        OperationDone::Created(created(1, 39)),
        OperationDone::Updated(updated("Amazing", 40)),
        OperationDone::Created(created(2, 41)),
        OperationDone::Deleted,
    ];
    assert_eq!(done, expected);
    assert_eq!(store.ended(), Ended::Committed);
}

#[tokio::test]
async fn an_operation_sees_what_those_before_it_did() {
    let store = FakeStore::writing(|work| {
        work.expect_numbers(Numbers { changes: 2, creations: 0 }, locked(0));
        work.expect_find(Some(a_contact()));
        expect_update(work, updated("Amazing", 41));
        work.expect_find(Some(updated("Amazing", 41)));
    });
    let results = execute(&store, vec![updating("Amazing"), updating("Amazing")]).await.unwrap();
    let [Ok(first), Ok(second)] = &results[..] else { panic!("{results:?}") };
    assert_eq!((first, second), (&OperationDone::Updated(updated("Amazing", 41)), first));
    assert_eq!(store.ended(), Ended::Committed);
}

#[tokio::test]
async fn all_faults_of_all_operations_are_told_before_a_transaction_begins() {
    let operations = vec![creating_wrongly(), deleting(), OperationRequest::default(), creating_wrongly()];
    let expected = [
        fault("operations/0/contact/email", ViolationCode::InvalidEmail),
        fault("operations/2/op", ViolationCode::Required),
        fault("operations/3/contact/email", ViolationCode::InvalidEmail),
    ];
    assert_eq!(failed(execute(&FakeStore::untouched(), operations).await), expected);
}

#[tokio::test]
async fn all_that_the_database_shows_to_be_impossible_is_told_together_and_everything_undone() {
    let store = FakeStore::writing(|work| {
        // The quota is not asked: nobody is to wait for what could never succeed.
        work.expect_numbers(Numbers { changes: 6, creations: 1 }, locked(1));
        expect_insert(work, created(1, 37));
        expect_delete(work, 38, false);
        work.contacts.expect_find().times(2).returning(|_, _| Ok(Some(a_contact())));
        work.contacts.expect_find().times(1).returning(|_, _| Ok(None));
    });
    let nowhere = OperationRequest { id: Some("x".into()), ..deleting() };
    let stale_update = stale(updating("Amazing"));
    let operations = vec![creating(), deleting(), stale_update, stale(deleting()), nowhere, stale(deleting())];
    let expected = [
        fault("operations/1/id", ViolationCode::NotFound),
        fault("operations/2/if_match", ViolationCode::PreconditionFailed),
        fault("operations/3/if_match", ViolationCode::PreconditionFailed),
        fault("operations/4/id", ViolationCode::NotFound),
        fault("operations/5/id", ViolationCode::NotFound),
    ];
    assert_eq!(failed(execute(&store, operations).await), expected);
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn a_patch_that_leaves_no_name_is_told_with_its_place() {
    let mut nameless = a_contact();
    nameless.details.first_name = None;
    let store = FakeStore::writing(|work| {
        work.expect_change();
        work.expect_find(Some(nameless));
    });
    let patch = ContactPatch { last_name: Change::Clear, ..ContactPatch::default() };
    let operations = vec![OperationRequest { patch: Some(patch), ..with("update") }];
    let batch = Batch { required: Arc::new(RequiredFields::none()), ..batch(&store) };
    let request = BatchRequest { operations, atomic: true, errors: ValidationErrors::new() };
    let Err(Error::BatchFailed(errors)) = batch.execute(&ada(), request, None).await else { panic!("it succeeds") };
    let fields: Vec<_> = errors.iter().map(|error| error.field()).collect();
    assert_eq!(fields, ["operations/0/patch/first_name"]);
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn what_the_client_knows_is_changed_and_deleted() {
    let known = |operation| {
        let tag = contacts_domain::precondition::EntityTag::of(&a_contact()).to_string();
        OperationRequest { if_match: Some(tag), ..operation }
    };
    assert_eq!(current().check(&a_contact()), Ok(()));
    let store = FakeStore::writing(|work| {
        work.expect_numbers(Numbers { changes: 2, creations: 0 }, locked(0));
        work.contacts.expect_find().times(2).returning(|_, _| Ok(Some(a_contact())));
        expect_update(work, updated("Amazing", 41));
        expect_delete(work, 42, true);
    });
    let results = execute(&store, vec![known(updating("Amazing")), known(deleting())]).await.unwrap();
    assert!(results.iter().all(Result::is_ok));
}

#[tokio::test]
async fn the_quota_is_asked_for_all_creations_together() {
    let lately = Creations { last: 2, count: 2, at: now() };
    let store = FakeStore::writing(|work| {
        work.expect_numbers(Numbers { changes: 3, creations: 2 }, locked(4));
        let look = work.address_books.expect_find_creations().times(1).with(eq(a_book()), eq(1));
        look.returning(move |_, _| Ok(Some(lately)));
        expect_insert(work, created(1, 40));
        expect_insert(work, created(2, 41));
        expect_delete(work, 42, true);
    });
    let result = execute(&store, vec![creating(), creating(), deleting()]).await;
    let Err(Error::QuotaExceeded { exceeded: Exceeded::Until(_), .. }) = result else { panic!("{result:?}") };
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn a_failure_of_the_database_undoes_everything() {
    let store = FakeStore::writing(|work| {
        work.expect_numbers(Numbers { changes: 2, creations: 0 }, locked(0));
        work.expect_find(Some(a_contact()));
        expect_update(work, updated("Amazing", 41));
        work.contacts.expect_delete().times(1).returning(|_, _, _| Err(broken()));
    });
    let result = execute(&store, vec![updating("Amazing"), deleting()]).await;
    assert!(matches!(result, Err(Error::Internal(_))));
    assert_eq!(store.ended(), Ended::RolledBack);
}
