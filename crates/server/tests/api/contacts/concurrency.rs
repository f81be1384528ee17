//! Many requests at once.

use serde_json::json;
use tokio::task::JoinSet;

use super::path_of;
use crate::harness::{App, ada, named, on_both_databases};

on_both_databases!(contacts_made_at_once_are_all_kept, of_64_deletions_at_once_one_succeeds);

async fn contacts_made_at_once_are_all_kept(app: App) {
    let user = app.register("user@example.com").await;
    let mut creations = JoinSet::new();
    for index in 0..64 {
        let creation = user.post("/contacts", named("Somebody", &format!("Number {index:02}")));
        creations.spawn(creation.into_future());
    }
    while let Some(answer) = creations.join_next().await {
        answer.unwrap().expect(201);
    }
    let kept = user.list(&[("limit", "200")]).await;
    assert_eq!(kept["items"].as_array().unwrap().len(), 64);
}

async fn of_64_deletions_at_once_one_succeeds(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    let mut deletions = JoinSet::new();
    for _ in 0..64 {
        deletions.spawn(user.delete(&path_of(&contact)).into_future());
    }
    let statuses: Vec<u16> = deletions.join_all().await.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 404).count(), 63, "{statuses:?}");
    assert_eq!(user.list(&[]).await["items"], json!([]));
}
