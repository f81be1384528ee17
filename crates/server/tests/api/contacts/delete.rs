//! `DELETE /contacts/{id}`

use serde_json::json;

use super::{fetch, path_of};
use crate::harness::{App, ada, named, on_both_databases};

on_both_databases!(a_deleted_contact_is_gone_from_everywhere);

async fn a_deleted_contact_is_gone_from_everywhere(app: App) {
    let user = app.register("user@example.com").await;
    let deleted = user.create(ada()).await;
    let kept = user.create(named("Grace", "Hopper")).await;
    let path = path_of(&deleted);

    let answer = user.delete(&path).await.expect(204);
    assert!(answer.body.is_empty(), "{answer}");
    user.get(&path).await.problem(404, "not_found");
    user.put(&path, ada()).await.problem(404, "not_found");
    user.patch(&path, json!({"first_name": "Ada"})).await.problem(404, "not_found");
    user.patch(&path, json!({})).await.problem(404, "not_found");
    user.delete(&path).await.problem(404, "not_found");

    assert_eq!(user.list(&[]).await["items"], json!([kept]));
    assert_eq!(user.list(&[("q", "lovelace")]).await["items"], json!([]));
    let whole_year = user.get("/contacts/birthdays?days=366").await.expect(200).json();
    assert_eq!(whole_year["items"].as_array().unwrap().len(), 1);
    assert_eq!(fetch(&user, &kept).await, kept);
    // Its place is free again: nothing of it stands in the way of the same person.
    assert_ne!(user.create(ada()).await["id"], deleted["id"]);
}
