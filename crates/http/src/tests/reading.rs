//! How contacts that are there are answered.

use actix_web::test::TestRequest;
use contacts_domain::{
    change_feed::{Change, Changes, History},
    contact::Contact,
    ids::{ContactId, Epoch},
    labels::{Label, LabelCount},
    page::Slice,
    ports::{MockContactReader, RepositoryError},
    precondition::EntityTag,
    trash::TrashedContact,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    a_contact,
    world::{Answer, World, by_ada, send},
};

/// Asks for what is below `/api/v1`, with these headers.
async fn ask(contacts: MockContactReader, path: &str, headers: &[(&'static str, &str)]) -> Answer {
    let request = by_ada(TestRequest::get()).uri(&format!("/api/v1{path}"));
    let request = headers.iter().fold(request, |request, header| request.insert_header(*header));
    send(&World { contacts, ..World::new() }.service().await, request).await
}

async fn contact_if(headers: &[(&'static str, &str)]) -> Answer {
    let mut contacts = MockContactReader::new();
    contacts.expect_find().times(1).returning(|_, _| Ok(Some(a_contact())));
    ask(contacts, &format!("/contacts/{}", a_contact().id), headers).await
}

fn tag() -> String {
    EntityTag::of(&a_contact()).to_string()
}

#[actix_web::test]
async fn a_contact_is_answered_with_its_tag_and_its_labels() {
    let answer = contact_if(&[("if-match", &tag()), ("if-none-match", "\"other\"")]).await;
    assert_eq!((answer.status, answer.header("etag")), (200, Some(tag().as_str())));
    assert_eq!((&answer.json()["last_name"], &answer.json()["labels"]), (&json!("Noether"), &json!(["Algebra"])));
}

#[actix_web::test]
async fn who_has_the_contact_already_is_told_so_without_a_body() {
    let answer = contact_if(&[("if-none-match", &format!("\"other\", W/{}", tag()))]).await;
    assert_eq!((answer.status, answer.header("etag")), (304, Some(tag().as_str())));
    assert!(answer.body.is_empty() && answer.header("content-type").is_none());
}

#[actix_web::test]
async fn who_knows_another_state_is_refused() {
    contact_if(&[("if-match", "\"other\"")]).await.assert_problem(412, "precondition_failed");
}

#[actix_web::test]
async fn a_page_of_the_trash_says_when_each_was_deleted() {
    let mut contacts = MockContactReader::new();
    contacts.expect_trash().times(1).returning(|_, _| {
        let trashed = TrashedContact { deleted_at: a_contact().created_at, contact: a_contact() };
        Ok(Slice { next: Some(trashed.position()), items: vec![trashed] })
    });
    let answer = ask(contacts, "/contacts/trash?limit=1", &[]).await;
    let json = answer.json();
    let (item, cursor) = (&json["items"][0], json["next_cursor"].as_str().unwrap());
    assert_eq!((&item["last_name"], &item["deleted_at"]), (&json!("Noether"), &json!("1970-01-01T00:00:00.000000Z")));
    let next = format!("</api/v1/contacts/trash?limit=1&cursor={cursor}>; rel=\"next\"");
    assert_eq!(answer.header("link"), Some(next.as_str()));
}

#[actix_web::test]
async fn changes_are_contacts_or_that_they_are_gone() {
    let mut contacts = MockContactReader::new();
    contacts.expect_changes().times(1).returning(|_, _, _| {
        let gone = Change { id: ContactId::new(Uuid::from_u128(9)), seq: 27, contact: None };
        let items = vec![Change { id: a_contact().id, seq: 26, contact: Some(a_contact()) }, gone];
        Ok(Some(Changes { items, more: true, history: History { epoch: epoch(), newest: 30, forgotten: 0 } }))
    });
    let json = ask(contacts, "/contacts/changes", &[]).await.json();
    let [changed, gone] = &json["changes"].as_array().unwrap()[..] else { panic!("{json}") };
    assert_eq!((&changed["deleted"], &changed["etag"]), (&json!(false), &json!(tag())));
    assert_eq!(changed["contact"]["id"], changed["id"]);
    assert_eq!(*gone, json!({"id": Uuid::from_u128(9).to_string(), "deleted": true}));
    assert_eq!(json["has_more"], true);

    let mut restored = MockContactReader::new();
    restored.expect_changes().times(1).returning(|_, _, _| {
        let history = History { epoch: Epoch::new(Uuid::nil()), newest: 30, forgotten: 0 };
        Ok(Some(Changes { items: Vec::new(), more: false, history }))
    });
    let path = format!("/contacts/changes?since={}", json["next_token"].as_str().unwrap());
    ask(restored, &path, &[]).await.assert_problem(410, "sync_token_expired");
}

fn epoch() -> Epoch {
    Epoch::new(Uuid::from_u128(1))
}

#[actix_web::test]
async fn labels_are_counted() {
    let mut contacts = MockContactReader::new();
    contacts.expect_labels().times(1).returning(|_| {
        let label = Label::parse("Book club").unwrap();
        Ok(vec![LabelCount { label, contacts: 3 }])
    });
    let answer = ask(contacts, "/contacts/labels", &[]).await;
    assert_eq!(answer.json(), json!({"items": [{"label": "Book club", "count": 3}]}));
}

#[actix_web::test]
async fn everything_is_exported_as_a_file() {
    let mut contacts = MockContactReader::new();
    contacts.expect_by_id().times(6).returning(|_, after, limit| {
        let first = after.map_or(1, |after| after.uuid().as_u128() + 1);
        let contact = |id| Contact { id: ContactId::new(Uuid::from_u128(id)), ..a_contact() };
        Ok((first..=501).take(limit as usize).map(contact).collect())
    });
    let answer = ask(contacts, "/users/me/export", &[]).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"contacts.json\""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let json = answer.json();
    let counts: Vec<_> =
        json["contacts"].as_array().unwrap().iter().map(|batch| batch["operations"].as_array().map(Vec::len)).collect();
    assert_eq!((&json["account"]["email"], counts), (&Value::from("ada@example.com"), vec![Some(500), Some(1)]));
}

#[actix_web::test]
async fn an_export_that_cannot_begin_is_refused() {
    let mut contacts = MockContactReader::new();
    contacts.expect_by_id().times(1).returning(|_, _, _| Err(RepositoryError::Unavailable("away".into())));
    ask(contacts, "/users/me/export", &[]).await.assert_problem(503, "unavailable");
}
