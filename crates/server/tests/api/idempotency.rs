//! Idempotency-Key: a request that is sent again happens once.

use std::collections::BTreeSet;

use reqwest::{Method, header::HeaderName};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::{Answer, App, Client, Request, Setup, ada, named, on_both_databases};

on_both_databases!(
    of_20_requests_at_once_with_one_key_one_creates_a_contact,
    the_answer_is_the_same_byte_for_byte_after_a_restart,
    a_key_with_another_request_is_refused,
    a_key_is_of_one_user_and_one_path,
    what_failed_may_be_tried_again_under_its_key,
    a_batch_and_a_restoration_happen_once,
    a_key_that_is_none_is_refused,
);

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

fn create(user: &Client, key: &str, contact: Value) -> Request {
    user.post("/contacts", contact).header(KEY, key)
}

async fn count(user: &Client) -> usize {
    user.list(&[("limit", "200")]).await["items"].as_array().unwrap().len()
}

/// What must be the same whenever it is answered.
fn essence(answer: &Answer) -> (u16, String, String, String, Vec<u8>) {
    let header = |name| answer.header(name).to_owned();
    (answer.status, header("location"), header("etag"), header("content-type"), answer.body.clone())
}

async fn of_20_requests_at_once_with_one_key_one_creates_a_contact(app: App) {
    let user = app.register("user@example.com").await;
    let mut requests = JoinSet::new();
    for _ in 0..20 {
        requests.spawn(create(&user, "once", ada()).into_future());
    }
    let (created, waiting): (Vec<_>, Vec<_>) =
        requests.join_all().await.into_iter().partition(|answer| answer.status == 201);
    for answer in waiting {
        answer.problem(409, "request_in_flight");
        assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0, "{answer}");
    }
    let essences: Vec<_> = created.iter().map(essence).collect();
    assert!(!essences.is_empty() && essences.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(count(&user).await, 1);
    assert_eq!(essence(&create(&user, "once", ada()).await), essences[0]);
}

async fn the_answer_is_the_same_byte_for_byte_after_a_restart(app: App) {
    let user = app.register("user@example.com").await;
    let first = create(&user, "once", named("Zażółć", "\"Gęślą\" \\ jaźń")).await.expect(201);
    let path = format!("/contacts/{}", first.json()["id"].as_str().unwrap());
    // Whatever becomes of the contact: what was answered was answered.
    user.patch(&path, json!({"first_name": "Other"})).await.expect(200);
    user.delete(&path).await.expect(204);
    let token = user.token().to_owned();
    let app = app.kill().start();
    let user = app.api().with_token(&token);
    let again = create(&user, "once", named("Zażółć", "\"Gęślą\" \\ jaźń")).await;
    assert_eq!(essence(&again), essence(&first));
    assert_eq!(count(&user).await, 0);
}

async fn a_key_with_another_request_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    create(&user, "once", ada()).await.expect(201);
    let (body, post) = (ada().to_string(), || user.request(Method::POST, "/contacts"));
    for other in [
        create(&user, "once", named("Grace", "Hopper")),
        post().body("application/json", format!("{body} ")).header(KEY, "once"),
        post().body("application/json; charset=utf-8", body.clone()).header(KEY, "once"),
    ] {
        other.await.problem(422, "idempotency_key_reused");
    }
    assert_eq!(count(&user).await, 1);
}

async fn a_key_is_of_one_user_and_one_path(app: App) {
    let (one, other) = (app.register("one@example.com").await, app.register("other@example.com").await);
    let ids: BTreeSet<_> = [
        create(&one, "once", ada()).await.expect(201),
        create(&other, "once", ada()).await.expect(201),
        create(&one, "Once", ada()).await.expect(201),
    ]
    .iter()
    .map(|answer| answer.json()["id"].to_string())
    .collect();
    assert_eq!(ids.len(), 3);
    let batch = json!({"operations": [{"op": "create", "contact": ada()}]});
    one.post("/contacts/batch", batch).header(KEY, "once").await.expect(200);
    assert_eq!((count(&one).await, count(&other).await), (3, 1));
}

async fn what_failed_may_be_tried_again_under_its_key(setup: Setup) {
    let app = setup.env("CONTACT_CREATE_LIMIT", "1").env("CONTACT_CREATE_WINDOW", "1h").start();
    let user = app.register("user@example.com").await;
    create(&user, "wrong", json!({"first_name": 5})).await.problem(422, "validation_failed");
    create(&user, "wrong", ada()).await.expect(201);
    create(&user, "too many", ada()).await.problem(429, "creation_quota_exceeded");
    create(&user, "too many", named("Grace", "Hopper")).await.problem(429, "creation_quota_exceeded");
    let missing = "/contacts/00000000-0000-7000-8000-000000000000/restore";
    for _ in 0..2 {
        user.post(missing, json!({})).header(KEY, "missing").await.problem(404, "not_found");
    }
}

async fn a_batch_and_a_restoration_happen_once(app: App) {
    let user = app.register("user@example.com").await;
    let batch = json!({"operations": [{"op": "create", "contact": ada()}, {"op": "create", "contact": ada()}]});
    let send = || user.post("/contacts/batch", &batch).header(KEY, "batch");
    let first = send().await.expect(200);
    assert_eq!(essence(&send().await), essence(&first));
    assert_eq!(count(&user).await, 2);

    let path = format!("/contacts/{}", first.json()["results"][0]["contact"]["id"].as_str().unwrap());
    user.delete(&path).await.expect(204);
    let restore = || user.post(&format!("{path}/restore"), json!({})).header(KEY, "restore");
    let restored = restore().await.expect(200);
    user.delete(&path).await.expect(204);
    assert_eq!(essence(&restore().await), essence(&restored));
    assert_eq!(count(&user).await, 1);
}

async fn a_key_that_is_none_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    for key in ["", &"x".repeat(256)] {
        create(&user, key, ada()).await.refused(&[("/Idempotency-Key", "invalid_idempotency_key")]);
    }
    let bytes = user.post("/contacts", ada()).header_bytes(KEY, "ł".as_bytes()).await;
    bytes.refused(&[("/Idempotency-Key", "invalid_idempotency_key")]);
    create(&user, &"x".repeat(255), ada()).await.expect(201);
}
