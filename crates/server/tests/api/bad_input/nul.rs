//! The character NUL, which no field can hold.

use reqwest::Method;
use serde_json::json;

use super::{assert_nothing_stored, raw_creation};
use crate::harness::{App, PASSWORD, ada, merged, on_both_databases};

on_both_databases!(
    nul_in_a_contact_is_refused,
    nul_in_an_account_is_refused,
    nul_in_a_query_is_refused,
    a_raw_nul_is_no_json,
);

const NUL: [&str; 4] = ["\0", "a\0b", "\0a", "a\0"];

async fn nul_in_a_contact_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    let fields = ["first_name", "last_name", "email", "phone", "birthday", "additional_data"];
    for text in NUL {
        for field in fields {
            let answer = user.post("/contacts", merged(ada(), json!({field: text}))).await;
            // What is no birthday for another reason too may be refused for either.
            if field == "birthday" {
                answer.problem(422, "validation_failed");
            } else {
                answer.refused(&[(&format!("/{field}"), "nul_character")]);
            }
        }
    }
    user.post("/contacts", merged(ada(), json!({"na\0me": "x"}))).await.problem(422, "validation_failed");
    user.post("/contacts", merged(ada(), json!({"id": "a\0b"}))).await.problem(422, "validation_failed");
    assert_nothing_stored(&user).await;

    let contact = user.create(ada()).await;
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    for field in ["first_name", "last_name", "email", "phone", "additional_data"] {
        let expected = [(&*format!("/{field}"), "nul_character")];
        user.put(&path, merged(ada(), json!({field: "a\0b"}))).await.refused(&expected);
        user.patch(&path, json!({field: "a\0b"})).await.refused(&expected);
    }
    user.patch(&path, json!({"birthday": "2000-01-01\0"})).await.problem(422, "validation_failed");
    assert_eq!(user.list(&[]).await["items"], json!([contact]));
}

async fn nul_in_an_account_is_refused(app: App) {
    let valid = json!({"email": "ada@example.com", "password": PASSWORD});
    for field in ["email", "password", "name", "language", "time_zone", "phone_region"] {
        for text in NUL {
            app.api()
                .post("/auth/register", merged(valid.clone(), json!({field: text})))
                .await
                .problem(422, "validation_failed");
        }
    }
    for field in ["email", "password"] {
        let login = merged(valid.clone(), json!({field: "a\0b"}));
        app.api().post("/auth/login", login).await.refused(&[(&format!("/{field}"), "nul_character")]);
    }
    let login = app.api().request(Method::POST, "/auth/login").form(&[("username", "a\0b"), ("password", PASSWORD)]);
    login.await.problem(422, "validation_failed");
    app.api().post("/auth/refresh", json!({"refresh_token": "a\0b"})).await.problem(422, "validation_failed");
    // Nothing of it made an account.
    app.api().register("ada@example.com", json!({})).await.expect(201);
}

async fn nul_in_a_query_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    user.create(ada()).await;
    for parameter in ["first_name", "last_name", "email", "q"] {
        for value in ["%00", "a%00b", "%00a"] {
            let answer = user.get(&format!("/contacts?{parameter}={value}")).await;
            answer.refused(&[(&format!("/{parameter}"), "nul_character")]);
        }
    }
    for query in ["sort=last_name%00", "limit=5%00", "a%00b=c", "%00"] {
        user.get(&format!("/contacts?{query}")).await.problem(422, "validation_failed");
    }
    // Here the cursor alone is at fault, which has a code of its own.
    user.get("/contacts?cursor=%00").await.expect(422);
    for query in ["days=7%00", "tz=UTC%00", "from=2027-01-01%00"] {
        user.get(&format!("/contacts/birthdays?{query}")).await.problem(422, "validation_failed");
    }
}

async fn a_raw_nul_is_no_json(app: App) {
    let user = app.register("user@example.com").await;
    for field in ["first_name", "last_name", "email", "phone", "birthday", "additional_data"] {
        let body = merged(ada(), json!({field: "a@b"})).to_string().replace("a@b", "a\0b");
        assert!(body.contains('\0'));
        raw_creation(&user, body).await.problem(400, "malformed_json");
    }
    raw_creation(&user, format!("{}\0", ada())).await.problem(400, "malformed_json");
    raw_creation(&user, "\0").await.problem(400, "malformed_json");
    assert_nothing_stored(&user).await;
}
