//! `PUT /contacts/{id}`

use serde_json::json;

use super::{fetch, path_of};
use crate::harness::{App, Setup, ada, merged, named, on_both_databases, without};

on_both_databases!(
    a_contact_is_replaced_as_a_whole,
    what_is_left_out_becomes_null,
    a_replacement_is_held_to_the_rules_of_a_new_contact,
);

async fn a_contact_is_replaced_as_a_whole(app: App) {
    let user = app.register("user@example.com").await;
    let before = user.create(merged(ada(), json!({"additional_data": "Prefers letters."}))).await;
    let other = user.create(named("Grace", "Hopper")).await;
    let sent = json!({
        "first_name": "Augusta Ada",
        "last_name": "King",
        "email": "countess@example.com",
        "phone": "123 456",
        "birthday": "--12-10",
        "additional_data": "",
    });
    let after = user.put(&path_of(&before), &sent).await.expect(200).json();
    for (member, value) in sent.as_object().unwrap() {
        assert_eq!(&after[member], value, "{member}");
    }
    assert_eq!(after["phone_e164"], json!(null), "a number of nowhere");
    assert_eq!((&after["id"], &after["created_at"]), (&before["id"], &before["created_at"]));
    assert!(after["updated_at"].as_str() > before["updated_at"].as_str());
    assert_eq!(fetch(&user, &before).await, after);
    let found = merged(after, json!({"matched_fields": ["email"]}));
    assert_eq!(user.list(&[("q", "countess")]).await["items"], json!([found]), "it is found by what it is now");
    assert_eq!(user.list(&[("q", "lovelace")]).await["items"], json!([]), "and not by what it was");
    assert_eq!(fetch(&user, &other).await, other);
}

async fn what_is_left_out_becomes_null(setup: Setup) {
    let app = setup.env("CONTACTS_REQUIRED_FIELDS", "").start();
    let user = app.register("user@example.com").await;
    let before = user.create(merged(ada(), json!({"additional_data": "Prefers letters."}))).await;
    let after = user.put(&path_of(&before), json!({"last_name": "King"})).await.expect(200).json();
    assert_eq!(after["last_name"], "King");
    for member in ["first_name", "email", "phone", "phone_e164", "birthday", "additional_data"] {
        assert_eq!(after[member], json!(null), "{member}");
    }
    let restored = user.put(&path_of(&before), &before).await.expect(200).json();
    for member in ["first_name", "last_name", "email", "phone", "phone_e164", "birthday", "additional_data"] {
        assert_eq!(restored[member], before[member], "{member}");
    }
}

async fn a_replacement_is_held_to_the_rules_of_a_new_contact(app: App) {
    let user = app.register("user@example.com").await;
    let before = user.create(ada()).await;
    let path = path_of(&before);
    user.put(&path, json!({"first_name": "Ada"})).await.refused(&[
        ("/last_name", "required"),
        ("/email", "required"),
        ("/phone", "required"),
        ("/birthday", "required"),
    ]);
    let wrong = merged(ada(), json!({"email": "x", "phone": "abc", "birthday": "2001-02-29", "nick": 1}));
    user.put(&path, wrong).await.refused(&[
        ("/email", "invalid_email"),
        ("/phone", "invalid_phone"),
        ("/birthday", "invalid_birthday"),
        ("/nick", "unknown_field"),
    ]);
    assert_eq!(fetch(&user, &before).await, before);
    let after = user.put(&path, without(before.clone(), "additional_data")).await.expect(200).json();
    assert_eq!((&after["id"], &after["phone_e164"]), (&before["id"], &before["phone_e164"]));
}
