//! Two users never see each other's contacts.

use serde_json::json;

use super::{fetch, path_of};
use crate::harness::{App, ada, named, on_both_databases};

on_both_databases!(somebody_elses_contact_does_not_exist, nobody_elses_contacts_are_listed);

async fn somebody_elses_contact_does_not_exist(app: App) {
    let (owner, other) = (app.register("owner@example.com").await, app.register("other@example.com").await);
    let contact = owner.create(ada()).await;
    let path = path_of(&contact);
    let missing = path_of(&json!({"id": "0193f3a4-7d6b-7000-8000-000000000000"}));
    // Whatever is asked of it, the answer is that of an id that never was.
    for path in [path.as_str(), missing.as_str()] {
        let problems = [
            other.get(path).await.problem(404, "not_found"),
            other.put(path, named("Eve", "Mallory")).await.problem(404, "not_found"),
            other.patch(path, json!({"first_name": "Eve"})).await.problem(404, "not_found"),
            other.patch(path, json!({})).await.problem(404, "not_found"),
            other.delete(path).await.problem(404, "not_found"),
        ];
        for mut problem in problems {
            problem["request_id"].take();
            assert!(!problem.to_string().contains("Lovelace"), "{problem}");
            assert_eq!(problem["title"], other.get(&missing).await.problem(404, "not_found")["title"]);
            assert_eq!(problem["detail"], other.get(&missing).await.problem(404, "not_found")["detail"]);
        }
        other.head(path).await.expect(404);
    }
    assert_eq!(fetch(&owner, &contact).await, contact);
}

async fn nobody_elses_contacts_are_listed(app: App) {
    let (owner, other) = (app.register("owner@example.com").await, app.register("other@example.com").await);
    owner.create(ada()).await;
    let own = other.create(named("Grace", "Hopper")).await;
    assert_eq!(other.list(&[]).await["items"], json!([own]));
    for search in [("q", "lovelace"), ("first_name", "ada"), ("last_name", "love"), ("q", "7946 ada")] {
        assert_eq!(other.list(&[search]).await["items"], json!([]), "{search:?}");
    }
    assert_eq!(other.list(&[("email", "somebody@example.com")]).await["items"], json!([own]));
    let counted = other.get("/contacts").header(reqwest::header::HeaderName::from_static("prefer"), "count=exact");
    assert_eq!(counted.await.expect(200).json()["total"], 1);
    let birthdays = other.get("/contacts/birthdays?days=366").await.expect(200).json();
    assert_eq!(birthdays["items"].as_array().unwrap().len(), 1);
    assert_eq!(birthdays["items"][0]["contact"], own);
}
