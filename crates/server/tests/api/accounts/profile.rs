//! `GET` and `PATCH /users/me`

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{App, Client, on_both_databases};

on_both_databases!(
    each_setting_can_be_changed,
    some_settings_can_be_cleared,
    faults_change_nothing,
    what_only_the_server_decides_is_ignored,
    what_changes_nothing_is_no_change,
);

async fn me(client: &Client) -> Value {
    client.get("/users/me").await.expect(200).json()
}

async fn each_setting_can_be_changed(app: App) {
    let ada = app.register("ada@example.com").await;
    let changes = [
        ("name", "Ada Lovelace"),
        ("language", "pl"),
        ("time_zone", "America/Argentina/Buenos_Aires"),
        ("leap_day_rule", "mar1"),
        ("phone_region", "GB"),
    ];
    let mut expected = me(&ada).await;
    for (member, value) in changes {
        let patched = ada.patch("/users/me", json!({member: value})).await.expect(200).json();
        assert!(patched["updated_at"].as_str() > expected["updated_at"].as_str(), "{member} was changed later");
        expected[member] = json!(value);
        expected["updated_at"] = patched["updated_at"].clone();
        assert_eq!(patched, expected);
        // The next request already sees it, whatever is cached.
        assert_eq!(me(&ada).await, expected);
    }
    let together = json!({"name": "Countess", "language": "en", "leap_day_rule": "feb28"});
    let patched = ada.patch("/users/me", together).await.expect(200).json();
    assert_eq!((&patched["name"], &patched["language"]), (&json!("Countess"), &json!("en")));
    assert_eq!(patched["phone_region"], "GB", "what is not named stays");
}

async fn some_settings_can_be_cleared(app: App) {
    let ada = app.register_with("ada@example.com", json!({"name": "Ada", "phone_region": "GB"})).await;
    let patched = ada.patch("/users/me", json!({"name": null, "phone_region": null})).await.expect(200).json();
    assert_eq!((&patched["name"], &patched["phone_region"]), (&Value::Null, &Value::Null));
    let answer = ada.patch("/users/me", json!({"language": null, "time_zone": null, "leap_day_rule": null})).await;
    answer.refused(&[("/language", "required"), ("/time_zone", "required"), ("/leap_day_rule", "required")]);
}

async fn faults_change_nothing(app: App) {
    let ada = app.register("ada@example.com").await;
    let before = me(&ada).await;
    let wrong = json!({
        "name": "x".repeat(101),
        "language": "en-GB",
        "time_zone": "Warsaw",
        "leap_day_rule": "feb29",
        "phone_region": "XX",
        "passwrod": "x",
    });
    ada.patch("/users/me", wrong).await.refused(&[
        ("/name", "too_long"),
        ("/language", "invalid_language"),
        ("/time_zone", "invalid_time_zone"),
        ("/leap_day_rule", "invalid_leap_day_rule"),
        ("/phone_region", "invalid_phone_region"),
        ("/passwrod", "unknown_field"),
    ]);
    let one_right = json!({"name": "Right", "language": "wrong"});
    ada.patch("/users/me", one_right).await.refused(&[("/language", "invalid_language")]);
    ada.patch("/users/me", json!({"password": "x"})).await.refused(&[("/password", "unknown_field")]);
    ada.patch("/users/me", json!({"name": "a\u{0}b"})).await.refused(&[("/name", "nul_character")]);
    ada.patch("/users/me", json!({"name": ["Ada"]})).await.refused(&[("/name", "wrong_type")]);
    ada.patch("/users/me", json!([])).await.refused(&[("", "wrong_type")]);
    let text = ada.request(Method::PATCH, "/users/me").body("text/plain", "{}");
    text.await.problem(415, "unsupported_media_type");
    assert_eq!(me(&ada).await, before);
}

async fn what_only_the_server_decides_is_ignored(app: App) {
    let ada = app.register("ada@example.com").await;
    let before = me(&ada).await;
    let forged = json!({
        "id": "0193f3a4-7d6b-7000-8000-000000000000",
        "email": "eve@example.com",
        "email_verified": true,
        "avatar_url": "https://example.com/eve.png",
        "created_at": "1970-01-01T00:00:00Z",
        "updated_at": null,
    });
    assert_eq!(ada.patch("/users/me", forged).await.expect(200).json(), before);
    assert_eq!(ada.patch("/users/me", &before).await.expect(200).json(), before, "what was read can be sent back");
    assert_eq!(me(&ada).await, before);
}

async fn what_changes_nothing_is_no_change(app: App) {
    let ada = app.register_with("ada@example.com", json!({"name": "Ada"})).await;
    let before = me(&ada).await;
    for nothing in [json!({}), json!({"name": "Ada"}), json!({"name": " Ada ", "time_zone": "UTC"})] {
        assert_eq!(ada.patch("/users/me", nothing).await.expect(200).json(), before);
    }
}
