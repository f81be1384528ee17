use std::cell::RefCell;

use contacts_domain::{batch::BatchRequest, notes::Notes, user::User as DomainUser, validation::ValidationErrors};
use futures_util::TryStreamExt;
use serde_json::Value;
use uuid::Uuid;

use super::*;
use crate::{
    json::{Fields, parse},
    problem::Code,
    tests::{a_contact, a_user},
};

fn contact(number: usize) -> DomainContact {
    DomainContact { id: ContactId::new(Uuid::from_u128(number as u128)), ..a_contact() }
}

/// As the use case hands them out: 500 at a time, by id.
fn page(contacts: &[DomainContact], after: Option<ContactId>) -> Vec<DomainContact> {
    contacts.iter().filter(|contact| Some(contact.id) > after).take(500).cloned().collect()
}

async fn pieces(contacts: &[DomainContact]) -> Vec<Bytes> {
    let user: DomainUser = a_user();
    let next = |after| async move { Ok(page(contacts, Some(after))) };
    let told = export(User::new(&user, "http://base"), page(contacts, None), next);
    told.try_collect().await.unwrap()
}

async fn exported(contacts: &[DomainContact]) -> Value {
    serde_json::from_slice(&pieces(contacts).await.concat()).unwrap()
}

fn ids(export: &Value) -> Vec<Vec<String>> {
    let batches = export["contacts"].as_array().unwrap().iter();
    let batches = batches.map(|batch| batch["operations"].as_array().unwrap().iter());
    batches.map(|batch| batch.map(|one| one["contact"]["id"].as_str().unwrap().to_owned()).collect()).collect()
}

#[actix_web::test]
async fn nobody_is_exported_where_there_is_nobody() {
    let export = exported(&[]).await;
    assert_eq!((&export["account"]["email"], &export["contacts"]), (&json!("ada@example.com"), &json!([])));
}

#[actix_web::test]
async fn every_contact_is_told_once_in_batches_of_500() {
    for (count, sizes) in [(1, vec![1]), (499, vec![499]), (500, vec![500]), (1001, vec![500, 500, 1])] {
        let contacts: Vec<_> = (1..=count).map(contact).collect();
        let ids = ids(&exported(&contacts).await);
        assert_eq!(ids.iter().map(Vec::len).collect::<Vec<_>>(), sizes);
        let expected: Vec<_> = contacts.iter().map(|contact| contact.id.to_string()).collect();
        assert_eq!(ids.concat(), expected);
    }
}

#[actix_web::test]
async fn each_batch_is_one_that_the_api_takes_back() {
    let contacts: Vec<_> = (1..=501).map(contact).collect();
    let export = exported(&contacts).await;
    for batch in export["contacts"].as_array().unwrap() {
        let batch: BatchRequest = Fields::read(parse(batch.to_string().as_bytes()).unwrap());
        assert!(batch.atomic && batch.errors.is_empty());
        for operation in &batch.operations {
            let contact = operation.contact.as_ref().unwrap();
            assert_eq!((operation.op.as_deref(), contact.first_name.as_deref()), (Some("create"), Some("Emmy")));
            assert_eq!((&operation.errors, &contact.errors), (&ValidationErrors::new(), &ValidationErrors::new()));
        }
    }
}

#[actix_web::test]
async fn a_batch_ends_before_it_is_too_large_and_pieces_stay_small() {
    let notes = Notes::parse("\u{1}".repeat(Notes::MAX_LENGTH)).unwrap();
    let long = |number| {
        let mut contact = contact(number);
        contact.details.additional_data = Some(notes.clone());
        contact
    };
    let contacts: Vec<_> = (1..=500).map(long).collect();
    let pieces = pieces(&contacts).await;
    assert!(pieces.iter().all(|piece| piece.len() < 2 * PIECE));
    let export: Value = serde_json::from_slice(&pieces.concat()).unwrap();
    assert_eq!(ids(&export).concat().len(), 500);
    let batches = export["contacts"].as_array().unwrap();
    assert_eq!(batches.len(), 2);
    assert!(batches.iter().all(|batch| batch.to_string().len() < MAX_BATCH + 100));
}

#[actix_web::test]
async fn a_failure_on_the_way_breaks_the_text_off() {
    let first: Vec<_> = (1..=500).map(contact).collect();
    let next = |_| async { Err(Problem::new(Code::Unavailable)) };
    let told = RefCell::new(Vec::new());
    let export = export(User::new(&a_user(), "http://base"), first, next);
    let ended = export
        .try_for_each(|piece| {
            told.borrow_mut().extend_from_slice(&piece);
            async { Ok(()) }
        })
        .await;
    assert_eq!(ended.unwrap_err().code(), Code::Unavailable);
    assert!(!told.borrow().is_empty() && serde_json::from_slice::<Value>(&told.borrow()).is_err());
}
