//! Which fields a contact must have: the deployment says so.

use serde_json::{Value, json};

use crate::harness::{App, Setup, ada, on_both_databases, without};

on_both_databases!(
    five_fields_are_required_by_default,
    nothing_but_a_name_is_required_where_the_list_is_empty,
    any_list_of_fields_may_be_required,
);

async fn five_fields_are_required_by_default(app: App) {
    let user = app.register("user@example.com").await;
    for field in ["first_name", "last_name", "email", "phone", "birthday"] {
        let pointer = format!("/{field}");
        user.post("/contacts", without(ada(), field)).await.refused(&[(&pointer, "required")]);
        let mut null = ada();
        null[field].take();
        user.post("/contacts", null).await.refused(&[(&pointer, "required")]);
    }
    user.post("/contacts", json!({})).await.refused(&[
        ("/first_name", "required"),
        ("/last_name", "required"),
        ("/email", "required"),
        ("/phone", "required"),
        ("/birthday", "required"),
    ]);
    assert_eq!(user.list(&[]).await["items"], json!([]));
    assert_eq!(user.create(ada()).await["additional_data"], Value::Null);
}

async fn nothing_but_a_name_is_required_where_the_list_is_empty(setup: Setup) {
    let app = setup.env("CONTACTS_REQUIRED_FIELDS", "").start();
    let user = app.register("user@example.com").await;
    for name in ["first_name", "last_name"] {
        let contact = user.create(json!({name: "Ada"})).await;
        assert_eq!((&contact[name], &contact["email"]), (&json!("Ada"), &Value::Null));
    }
    for nameless in [json!({}), json!({"email": "a@example.com"}), json!({"first_name": null, "last_name": null})] {
        user.post("/contacts", nameless).await.problem(422, "validation_failed");
    }
    user.post("/contacts", json!({"first_name": "", "last_name": "King"}))
        .await
        .refused(&[("/first_name", "too_short")]);
    assert_eq!(user.list(&[]).await["items"].as_array().unwrap().len(), 2);
}

async fn any_list_of_fields_may_be_required(setup: Setup) {
    let app = setup.env("CONTACTS_REQUIRED_FIELDS", " phone , last_name ").start();
    let user = app.register("user@example.com").await;
    let answer = user.post("/contacts", json!({"first_name": "Ada"})).await;
    answer.refused(&[("/last_name", "required"), ("/phone", "required")]);
    let contact = user.create(json!({"last_name": "King", "phone": "112"})).await;
    assert_eq!(contact["first_name"], Value::Null);
}
