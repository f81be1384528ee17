//! `GET /users/me/export`: everything that is mine.

use serde_json::{Value, json};

use crate::harness::{App, Client, PASSWORD, merged, named, on_both_databases, people};

on_both_databases!(
    what_is_exported_comes_back_by_batches_after_the_account_is_gone,
    more_than_500_contacts_come_in_chunks,
    an_empty_address_book_is_exported_too,
);

async fn export(user: &Client) -> Value {
    let answer = user.get("/users/me/export").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("content-disposition").starts_with("attachment"), "{answer}");
    answer.json()
}

/// All contacts by name, without what is another's after a new beginning.
async fn essence(user: &Client) -> Vec<Value> {
    let mut contacts = user.pages("/contacts", &[("limit", "200")]).await.concat();
    for contact in &mut contacts {
        for member in ["id", "created_at", "updated_at"] {
            contact.as_object_mut().unwrap().remove(member).unwrap();
        }
    }
    contacts.sort_by_key(ToString::to_string);
    contacts
}

async fn what_is_exported_comes_back_by_batches_after_the_account_is_gone(app: App) {
    let profile = json!({"name": "Ada", "time_zone": "Europe/Warsaw", "phone_region": "PL"});
    let user = app.register_with("user@example.com", profile.clone()).await;
    user.create_all(&people()).await;
    let odd = json!({"labels": ["Łódź", "VIP"], "additional_data": "line\n\"two\" \u{1}", "phone": "22 555 03 10"});
    user.create(merged(named("Zażółć", "Gęślą"), odd)).await;
    let deleted = user.create(named("In the", "Trash")).await;
    user.delete(&format!("/contacts/{}", deleted["id"].as_str().unwrap())).await.expect(204);
    let (before, exported) = (essence(&user).await, export(&user).await);
    assert_eq!(exported["account"], user.get("/users/me").await.expect(200).json());

    user.post("/users/me/delete", json!({"password": PASSWORD})).await.expect(204);
    let user = app.register_with("user@example.com", profile).await;
    for chunk in exported["contacts"].as_array().unwrap() {
        user.post("/contacts/batch", chunk).await.expect(200);
    }
    assert_eq!(essence(&user).await, before);
}

async fn more_than_500_contacts_come_in_chunks(app: App) {
    let user = app.register("user@example.com").await;
    for round in 0..3 {
        let operations: Vec<_> = (0..400)
            .map(|number| json!({"op": "create", "contact": named(&format!("{round}"), &format!("{number}"))}))
            .collect();
        user.post("/contacts/batch", json!({"operations": operations})).await.expect(200);
    }
    let exported = export(&user).await;
    let sizes: Vec<_> = exported["contacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|chunk| chunk["operations"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [500, 500, 200]);
}

async fn an_empty_address_book_is_exported_too(app: App) {
    let user = app.register("user@example.com").await;
    assert_eq!(export(&user).await["contacts"], json!([]));
    app.api().get("/users/me/export").await.expect(401);
}
