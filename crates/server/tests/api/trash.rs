//! The trash: what was deleted comes back.

use serde_json::{Value, json};

use crate::harness::{App, Client, Setup, ada, merged, named, on_both_databases, path_of};

on_both_databases!(
    a_deleted_contact_is_in_the_trash_and_comes_back_with_everything,
    the_trash_is_listed_in_pages_the_last_deleted_first,
    the_trash_is_emptied_for_good_on_request,
    what_is_in_the_trash_is_nowhere_else,
    the_trash_of_others_does_not_exist,
    coming_back_costs_no_quota,
);

async fn trash(user: &Client) -> Vec<Value> {
    user.pages("/contacts/trash", &[]).await.concat()
}

async fn restore(user: &Client, contact: &Value) -> Value {
    user.post(&format!("{}/restore", path_of(contact)), json!({})).await.expect(200).json()
}

async fn a_deleted_contact_is_in_the_trash_and_comes_back_with_everything(app: App) {
    let user = app.register("user@example.com").await;
    let details = json!({"additional_data": "Likes \n tea", "labels": ["Łódź", "VIP"], "birthday": "--02-29"});
    let created = user.post("/contacts", merged(ada(), details)).await.expect(201);
    let contact = created.json();
    user.delete(&path_of(&contact)).await.expect(204);
    let mut trashed = trash(&user).await;
    assert_eq!(trashed.len(), 1);
    let deleted_at = trashed[0].as_object_mut().unwrap().remove("deleted_at").unwrap();
    assert!(deleted_at.as_str() >= contact["created_at"].as_str(), "{deleted_at}");
    assert_eq!(Value::from(trashed), json!([contact]));

    let answer = user.post(&format!("{}/restore", path_of(&contact)), json!({})).await.expect(200);
    assert_eq!(answer.json(), contact);
    assert_ne!(answer.header("etag"), created.header("etag"), "it is another state of the contact");
    assert_eq!(user.get(&path_of(&contact)).await.expect(200).header("etag"), answer.header("etag"));
    assert_eq!(user.list(&[("label", "lodz")]).await["items"], json!([contact]));
    assert!(trash(&user).await.is_empty());
    user.post(&format!("{}/restore", path_of(&contact)), json!({})).await.problem(404, "not_found");
}

async fn the_trash_is_listed_in_pages_the_last_deleted_first(app: App) {
    let user = app.register("user@example.com").await;
    let mut names = Vec::new();
    for number in 0..7 {
        let name = format!("Number {number}");
        let contact = user.create(named("Somebody", &name)).await;
        user.delete(&path_of(&contact)).await.expect(204);
        names.insert(0, name);
    }
    let pages = user.pages("/contacts/trash", &[("limit", "3")]).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    let listed: Vec<_> =
        pages.concat().iter().map(|contact| contact["last_name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(listed, names);
    user.get("/contacts/trash?limit=0").await.refused(&[("/limit", "out_of_range")]);
    user.get("/contacts/trash?cursor=x&sort=id")
        .await
        .refused(&[("/cursor", "invalid_cursor"), ("/sort", "unknown_parameter")]);
}

async fn the_trash_is_emptied_for_good_on_request(app: App) {
    let user = app.register("user@example.com").await;
    let (kept, gone) = (user.create(ada()).await, user.create(ada()).await);
    let before = user.get("/contacts/changes").await.expect(200).json()["next_token"].as_str().unwrap().to_owned();
    user.delete(&path_of(&gone)).await.expect(204);
    user.delete("/contacts/trash").await.expect(204);
    assert_eq!(trash(&user).await.len(), 0);
    user.post(&format!("{}/restore", path_of(&gone)), json!({})).await.problem(404, "not_found");
    assert_eq!(user.list(&[]).await["items"], json!([kept]));
    user.delete("/contacts/trash").await.expect(204);
    // Whoever follows the changes still learns that it is gone.
    let changes = user.get(&format!("/contacts/changes?since={before}")).await.expect(200).json();
    assert_eq!(changes["changes"], json!([{"id": gone["id"], "deleted": true}]));
}

async fn what_is_in_the_trash_is_nowhere_else(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(merged(ada(), json!({"labels": ["VIP"]}))).await;
    user.delete(&path_of(&contact)).await.expect(204);
    user.get(&path_of(&contact)).await.problem(404, "not_found");
    user.patch(&path_of(&contact), json!({})).await.problem(404, "not_found");
    user.put(&path_of(&contact), ada()).await.problem(404, "not_found");
    for parameters in [&[("q", "ada")][..], &[("label", "vip")], &[("first_name", "ada")], &[]] {
        assert_eq!(user.list(parameters).await["items"], json!([]), "{parameters:?}");
    }
    assert_eq!(user.get("/contacts/labels").await.expect(200).json()["items"], json!([]));
    let birthdays = user.get("/contacts/birthdays?days=366").await.expect(200).json();
    assert_eq!(birthdays["items"], json!([]));
}

async fn the_trash_of_others_does_not_exist(app: App) {
    let (user, other) = (app.register("user@example.com").await, app.register("other@example.com").await);
    let contact = user.create(ada()).await;
    user.delete(&path_of(&contact)).await.expect(204);
    assert_eq!(trash(&other).await.len(), 0);
    other.post(&format!("{}/restore", path_of(&contact)), json!({})).await.problem(404, "not_found");
    other.delete("/contacts/trash").await.expect(204);
    assert_eq!(restore(&user, &contact).await, contact);
    app.api().get("/contacts/trash").await.expect(401);
    app.api().post(&format!("{}/restore", path_of(&contact)), json!({})).await.expect(401);
    user.post("/contacts/nonsense/restore", json!({})).await.problem(404, "not_found");
}

async fn coming_back_costs_no_quota(setup: Setup) {
    let app = setup.env("CONTACT_CREATE_LIMIT", "1").env("CONTACT_CREATE_WINDOW", "1h").start();
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    for _ in 0..3 {
        user.delete(&path_of(&contact)).await.expect(204);
        restore(&user, &contact).await;
    }
    user.post("/contacts", ada()).await.problem(429, "creation_quota_exceeded");
}

/// What a tombstone keeps of a contact: that it was there.
const KEPT: [&str; 9] =
    ["id", "owner_id", "address_book_id", "seq", "fold_version", "created_at", "updated_at", "deleted_at", "purged"];

/// On PostgreSQL alone, which can show every column there is, those that are yet to come, too.
#[tokio::test]
async fn nothing_of_a_contact_is_left_once_the_trash_is_emptied() {
    let app = Setup::postgres().await.start();
    let user = app.register("user@example.com").await;
    let details = json!({"additional_data": "Likes tea", "labels": ["VIP"], "birthday": "1815-12-10"});
    let contact = user.create(merged(ada(), details)).await;
    user.delete(&path_of(&contact)).await.expect(204);
    user.delete("/contacts/trash").await.expect(204);
    let rows = app.setup().sql("SELECT to_json(contacts)::text AS text FROM contacts").await;
    assert_eq!(rows.len(), 1);
    let row: Value = serde_json::from_str(&rows[0]).unwrap();
    for (column, value) in row.as_object().unwrap() {
        let is_empty = [Value::Null, json!(""), json!("[]")].contains(value);
        assert!(is_empty || KEPT.contains(&column.as_str()), "{column} is {value}");
    }
    assert!(app.setup().sql("SELECT label AS text FROM contact_labels").await.is_empty());
}
