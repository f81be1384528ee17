//! `POST /contacts/batch`

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, Setup, ada, eventually, faults, merged, named, on_both_databases};

on_both_databases!(
    operations_are_done_in_order_with_a_result_each,
    one_failure_undoes_an_atomic_batch_and_every_fault_is_told,
    without_atomicity_each_operation_has_its_own_result,
    the_quota_counts_each_creation_of_a_batch,
    as_many_as_the_quota_allows_are_created_where_each_counts_for_itself,
    a_batch_has_at_most_500_operations_and_32_mib,
    a_batch_that_is_none_is_refused,
    of_an_atomic_batch_all_or_nothing_survives_a_kill,
);

fn create(contact: Value) -> Value {
    json!({"op": "create", "contact": contact})
}

async fn send(user: &Client, operations: &[Value]) -> Answer {
    user.post("/contacts/batch", json!({"operations": operations})).await
}

async fn send_each(user: &Client, operations: &[Value]) -> Vec<Value> {
    let answer = user.post("/contacts/batch", json!({"operations": operations, "atomic": false})).await.expect(200);
    answer.json()["results"].as_array().unwrap().clone()
}

async fn count(user: &Client) -> usize {
    let pages = user.pages("/contacts", &[("limit", "200")]).await;
    pages.iter().map(Vec::len).sum()
}

/// The statuses, in order, each at its index.
#[track_caller]
fn statuses(results: &[Value]) -> Vec<u64> {
    let indexes: Vec<u64> = results.iter().map(|result| result["index"].as_u64().unwrap()).collect();
    assert_eq!(indexes, (0..results.len() as u64).collect::<Vec<_>>());
    results.iter().map(|result| result["status"].as_u64().unwrap()).collect()
}

async fn operations_are_done_in_order_with_a_result_each(app: App) {
    let user = app.register("user@example.com").await;
    let (one, two) = (user.create(ada()).await, user.create(ada()).await);
    let answer = send(
        &user,
        &[
            create(named("Grace", "Hopper")),
            json!({"op": "update", "id": one["id"], "patch": {"first_name": "Augusta"}}),
            json!({"op": "update", "id": one["id"], "patch": {"last_name": "King", "labels": ["Countess"]}}),
            json!({"op": "delete", "id": two["id"]}),
        ],
    )
    .await
    .expect(200);
    let answer = answer.json();
    let results = answer["results"].as_array().unwrap();
    assert_eq!(statuses(results), [201, 200, 200, 204]);
    let king = &results[2]["contact"];
    assert_eq!(
        (&king["first_name"], &king["last_name"], &king["labels"]),
        (&json!("Augusta"), &json!("King"), &json!(["Countess"]))
    );
    assert!(results[3].get("contact").is_none_or(Value::is_null), "{answer}");
    let listed = user.list(&[("sort", "last_name")]).await;
    assert_eq!(listed["items"], json!([results[0]["contact"], king]));
    let read = user.get(&format!("/contacts/{}", one["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(read.header("etag"), results[2]["etag"].as_str().unwrap());
    assert_eq!(send(&user, &[]).await.expect(200).json(), json!({"results": []}));
}

async fn one_failure_undoes_an_atomic_batch_and_every_fault_is_told(app: App) {
    let user = app.register("user@example.com").await;
    let kept = user.post("/contacts", ada()).await.expect(201);
    let (id, tag) = (kept.json()["id"].clone(), kept.header("etag").to_owned());
    let answer = send(
        &user,
        &[
            create(merged(ada(), json!({"email": "x", "labels": ["ok", ""]}))),
            json!({"op": "update", "id": id, "patch": {"first_nmae": "Typo"}}),
            json!({"op": "upsert", "id": id}),
            json!({"op": "delete"}),
            create(ada()),
        ],
    )
    .await;
    let problem = answer.problem(422, "batch_failed");
    let mut found = faults(&problem);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("/operations/0/contact/email", "invalid_email"),
            ("/operations/0/contact/labels/1", "too_short"),
            ("/operations/1/patch/first_nmae", "unknown_field"),
            ("/operations/2/op", "unknown_operation"),
            ("/operations/3/id", "required"),
        ]
    );

    let nobody = "00000000-0000-7000-8000-000000000000";
    let answer = send(
        &user,
        &[
            create(ada()),
            json!({"op": "update", "id": id, "patch": {"first_name": "Augusta"}, "if_match": tag}),
            json!({"op": "update", "id": nobody, "patch": {}}),
            // It was changed by the operation before.
            json!({"op": "delete", "id": id, "if_match": tag}),
            json!({"op": "delete", "id": "nonsense"}),
        ],
    )
    .await;
    let problem = answer.problem(422, "batch_failed");
    let mut found = faults(&problem);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("/operations/2/id", "not_found"),
            ("/operations/3/if_match", "precondition_failed"),
            ("/operations/4/id", "not_found"),
        ]
    );
    assert_eq!(user.list(&[]).await["items"], json!([kept.json()]));
}

async fn without_atomicity_each_operation_has_its_own_result(app: App) {
    let (user, other) = (app.register("user@example.com").await, app.register("other@example.com").await);
    let (mine, foreign) = (user.create(ada()).await, other.create(ada()).await);
    let results = send_each(
        &user,
        &[
            create(json!({"first_name": ""})),
            create(named("Grace", "Hopper")),
            json!({"op": "update", "id": foreign["id"], "patch": {"first_name": "Mine"}}),
            json!({"op": "update", "id": mine["id"], "patch": {"first_name": "Augusta"}, "if_match": "\"other\""}),
            json!({"op": "delete", "id": mine["id"]}),
            json!({"op": "delete", "id": mine["id"]}),
            json!("nonsense"),
        ],
    )
    .await;
    assert_eq!(statuses(&results), [422, 201, 404, 412, 204, 404, 422]);
    let codes: Vec<_> = results.iter().map(|result| result["error"]["code"].as_str().unwrap_or_default()).collect();
    assert_eq!(
        codes,
        ["validation_failed", "", "not_found", "precondition_failed", "", "not_found", "validation_failed"]
    );
    assert!(faults(&results[0]["error"]).contains(&("/contact/first_name", "too_short")), "{}", results[0]);
    assert_eq!(user.list(&[]).await["items"], json!([results[1]["contact"]]));
    assert_eq!(other.list(&[]).await["items"], json!([foreign]));
}

fn limited(setup: Setup) -> Setup {
    setup.env("CONTACT_CREATE_LIMIT", "10").env("CONTACT_CREATE_WINDOW", "1h")
}

async fn the_quota_counts_each_creation_of_a_batch(setup: Setup) {
    let app = limited(setup).start();
    let user = app.register("user@example.com").await;
    send(&user, &vec![create(ada()); 6]).await.expect(200);
    let refused = send(&user, &vec![create(ada()); 5]).await;
    refused.problem(429, "creation_quota_exceeded");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0, "{refused}");
    assert_eq!(count(&user).await, 6);
    send(&user, &vec![create(ada()); 4]).await.expect(200);
    user.post("/contacts", ada()).await.problem(429, "creation_quota_exceeded");
    // What is not a creation costs nothing.
    let id = user.list(&[]).await["items"][0]["id"].clone();
    send(&user, &[json!({"op": "update", "id": id, "patch": {"first_name": "Augusta"}})]).await.expect(200);
}

async fn as_many_as_the_quota_allows_are_created_where_each_counts_for_itself(setup: Setup) {
    let app = limited(setup).start();
    let user = app.register("user@example.com").await;
    user.create(ada()).await;
    let mut operations = vec![create(ada()); 12];
    operations[3] = create(json!({}));
    let results = send_each(&user, &operations).await;
    assert_eq!(statuses(&results), [201, 201, 201, 422, 201, 201, 201, 201, 201, 201, 429, 429]);
    assert_eq!(results[11]["error"]["code"], "creation_quota_exceeded");
    assert_eq!(count(&user).await, 10);
}

async fn a_batch_has_at_most_500_operations_and_32_mib(app: App) {
    let user = app.register("user@example.com").await;
    send(&user, &vec![create(ada()); 501]).await.refused(&[("/operations", "too_many")]);
    // 500 contacts of the longest notes: far beyond what other bodies may be.
    let long = merged(ada(), json!({"additional_data": "ż".repeat(10_000)}));
    send(&user, &vec![create(long); 500]).await.expect(200);
    assert_eq!(count(&user).await, 500);
    let huge = format!("{{\"operations\": []{}}}", " ".repeat(32 * 1024 * 1024));
    let refused = user.post("/contacts/batch", json!({})).body("application/json", huge).await;
    refused.problem(413, "payload_too_large");
}

async fn a_batch_that_is_none_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    let refused =
        async |body: Value, expected: &[(&str, &str)]| user.post("/contacts/batch", body).await.refused(expected);
    refused(json!({}), &[("/operations", "required")]).await;
    refused(json!({"operations": null}), &[("/operations", "required")]).await;
    refused(json!({"operations": {}}), &[("/operations", "wrong_type")]).await;
    refused(json!({"operations": [], "atomic": "yes"}), &[("/atomic", "wrong_type")]).await;
    refused(json!({"operations": [], "Atomic": true}), &[("/Atomic", "unknown_field")]).await;
}

async fn of_an_atomic_batch_all_or_nothing_survives_a_kill(mut app: App) {
    let user = app.register("user@example.com").await;
    let token = user.token().to_owned();
    let batch = vec![create(merged(ada(), json!({"additional_data": "x".repeat(5_000)}))); 500];
    for round in 0..3 {
        let user = app.api().with_token(&token);
        let before = count(&user).await;
        let sending = tokio::spawn({
            let (user, batch) = (user.clone(), batch.clone());
            async move { user.post("/contacts/batch", json!({"operations": batch})).answer().await }
        });
        // In the middle: something is written by now, and the batch is far from its end. Later rounds are later.
        let patience = Duration::from_secs(20);
        eventually("the batch is written", patience, async || app.setup().is_being_written().await.then_some(())).await;
        for _ in 0..round {
            user.get("/contacts?limit=1").await.expect(200);
        }
        let setup = app.kill();
        let acknowledged = sending.await.unwrap().is_ok_and(|answer| answer.status == 200);
        app = setup.start();
        let user = app.api().with_token(&token);
        let after = eventually("the service is back", patience, async || Some(count(&user).await)).await;
        assert!(after == before + 500 || (!acknowledged && after == before), "{before} became {after}");
        assert!(round > 0 || after == before, "the first kill was too late to be in the middle");
    }
}
