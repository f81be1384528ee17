//! `PATCH /contacts/{id}`

use reqwest::Method;
use serde_json::{Value, json};

use super::{fetch, path_of};
use crate::harness::{App, Setup, ada, merged, on_both_databases};

on_both_databases!(
    only_the_named_fields_change,
    null_clears_a_field,
    a_required_field_cannot_be_cleared,
    a_contact_keeps_at_least_one_name,
    both_media_types_of_a_patch_are_understood,
    what_changes_nothing_is_no_change,
    faults_change_nothing,
);

async fn only_the_named_fields_change(app: App) {
    let user = app.register("user@example.com").await;
    let mut expected = user.create(merged(ada(), json!({"additional_data": "Prefers letters."}))).await;
    let changes = [
        ("first_name", "Augusta"),
        ("last_name", "King"),
        ("email", "countess@example.com"),
        ("birthday", "--12-10"),
        ("additional_data", "Prefers e-mail."),
    ];
    for (member, value) in changes {
        let patched = user.patch(&path_of(&expected), json!({member: value})).await.expect(200).json();
        assert!(patched["updated_at"].as_str() > expected["updated_at"].as_str(), "{member} was changed later");
        expected[member] = json!(value);
        expected["updated_at"] = patched["updated_at"].clone();
        assert_eq!(patched, expected);
        assert_eq!(fetch(&user, &expected).await, expected);
    }
    let patched = user.patch(&path_of(&expected), json!({"phone": "+48 22 555 03 10"})).await.expect(200).json();
    assert_eq!(patched["phone_e164"], "+48225550310", "what follows from the phone follows it");
    let found = user.list(&[("q", "king augusta 0048"), ("last_name", "KING")]).await;
    let matched = json!({"matched_fields": ["first_name", "last_name", "phone"]});
    assert_eq!(found["items"], json!([merged(patched, matched)]));
}

async fn null_clears_a_field(setup: Setup) {
    let app = setup.env("CONTACTS_REQUIRED_FIELDS", "").start();
    let user = app.register("user@example.com").await;
    let contact = user.create(merged(ada(), json!({"additional_data": "Prefers letters."}))).await;
    for member in ["last_name", "email", "phone", "birthday", "additional_data"] {
        let patched = user.patch(&path_of(&contact), json!({member: null})).await.expect(200).json();
        assert_eq!(patched[member], Value::Null);
    }
    let bare = fetch(&user, &contact).await;
    assert_eq!((&bare["first_name"], &bare["phone_e164"]), (&json!("Ada"), &Value::Null));
    let nothing_to_clear = user.patch(&path_of(&contact), json!({"email": null})).await.expect(200);
    assert_eq!(nothing_to_clear.json(), bare);
}

async fn a_required_field_cannot_be_cleared(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(merged(ada(), json!({"additional_data": "Prefers letters."}))).await;
    let fields = ["first_name", "last_name", "email", "phone", "birthday"];
    for field in fields {
        let answer = user.patch(&path_of(&contact), json!({field: null})).await;
        answer.refused(&[(&format!("/{field}"), "required")]);
    }
    let all = json!({"first_name": null, "last_name": null, "email": null, "phone": null, "birthday": null});
    let pointers = fields.map(|field| format!("/{field}"));
    let expected: Vec<_> = pointers.iter().map(|pointer| (pointer.as_str(), "required")).collect();
    user.patch(&path_of(&contact), all).await.refused(&expected);
    assert_eq!(fetch(&user, &contact).await, contact);
    let patched = user.patch(&path_of(&contact), json!({"additional_data": null})).await.expect(200).json();
    assert_eq!(patched["additional_data"], Value::Null);
}

async fn a_contact_keeps_at_least_one_name(setup: Setup) {
    let app = setup.env("CONTACTS_REQUIRED_FIELDS", "email").start();
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    let answer = user.patch(&path_of(&contact), json!({"first_name": null, "last_name": null})).await;
    answer.problem(422, "validation_failed");
    user.patch(&path_of(&contact), json!({"last_name": null})).await.expect(200);
    user.patch(&path_of(&contact), json!({"first_name": null})).await.problem(422, "validation_failed");
    assert_eq!(fetch(&user, &contact).await["first_name"], "Ada");
    // One name may take the other's place.
    user.patch(&path_of(&contact), json!({"first_name": null, "last_name": "King"})).await.expect(200);
}

async fn both_media_types_of_a_patch_are_understood(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    for (index, media_type) in
        ["application/json", "application/merge-patch+json", "application/merge-patch+json; charset=utf-8"]
            .iter()
            .enumerate()
    {
        let body = json!({"first_name": format!("Ada {index}")}).to_string();
        let patched = user.request(Method::PATCH, &path_of(&contact)).body(media_type, body).await.expect(200).json();
        assert_eq!(patched["first_name"], format!("Ada {index}"));
    }
    for media_type in ["text/plain", "application/json-patch+json", "application/x-www-form-urlencoded"] {
        let patch = user.request(Method::PATCH, &path_of(&contact)).body(media_type, "{}");
        patch.await.problem(415, "unsupported_media_type");
    }
}

async fn what_changes_nothing_is_no_change(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    let nothings = [
        json!({}),
        json!({"first_name": "Ada"}),
        json!({"first_name": " Ada ", "birthday": "1815-12-10", "additional_data": null}),
        json!({"id": "x", "phone_e164": null, "created_at": 0, "updated_at": "2000-01-01T00:00:00Z"}),
        contact.clone(),
    ];
    for nothing in nothings {
        assert_eq!(user.patch(&path_of(&contact), &nothing).await.expect(200).json(), contact, "{nothing}");
    }
    assert_eq!(fetch(&user, &contact).await, contact);
}

async fn faults_change_nothing(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    let wrong = json!({
        "first_name": "Right",
        "last_name": "x".repeat(101),
        "email": "x@y",
        "phone": "12",
        "birthday": "1815-13-10",
        "additional_data": 5,
        "nick": "x",
    });
    user.patch(&path_of(&contact), wrong).await.refused(&[
        ("/last_name", "too_long"),
        ("/email", "invalid_email"),
        ("/phone", "too_short"),
        ("/birthday", "invalid_birthday"),
        ("/additional_data", "wrong_type"),
        ("/nick", "unknown_field"),
    ]);
    assert_eq!(fetch(&user, &contact).await, contact);
}
