//! `POST /users/me/delete`

use serde_json::json;

use crate::harness::{App, Letter, PASSWORD, ada, on_both_databases};

on_both_databases!(
    a_deleted_account_is_gone_with_all_that_it_had,
    a_wrong_password_deletes_nothing,
    an_address_is_free_again_at_once,
    links_of_a_deleted_account_do_nothing,
);

const EMAIL: &str = "ada@example.com";

async fn a_deleted_account_is_gone_with_all_that_it_had(app: App) {
    app.register(EMAIL).await;
    let eve = app.register("eve@example.com").await;
    let (phone, laptop) = (app.session(EMAIL).await, app.session(EMAIL).await);
    let contact = phone.client.create(ada()).await;
    let kept = eve.create(ada()).await;
    laptop.assert_alive().await;

    let answer = phone.client.post("/users/me/delete", json!({"password": PASSWORD})).await.expect(204);
    assert!(answer.body.is_empty(), "{answer}");
    phone.assert_ended().await;
    laptop.assert_ended().await;
    phone.client.get(&format!("/contacts/{}", contact["id"].as_str().unwrap())).await.problem(401, "invalid_token");
    phone.client.post("/users/me/delete", json!({"password": PASSWORD})).await.problem(401, "invalid_token");
    app.api().log_in(EMAIL, PASSWORD).await.problem(401, "invalid_credentials");

    assert_eq!(app.setup().sql("SELECT first_name AS text FROM contacts").await.len(), 1, "only Eve's is left");
    assert_eq!(eve.list(&[]).await["items"], json!([kept]));
    assert_eq!(app.setup().sql("SELECT email AS text FROM users").await, ["eve@example.com"]);
    let deleted = app.setup().sql("SELECT kind AS text FROM audit_log WHERE kind = 'account_deleted'").await;
    assert_eq!(deleted.len(), 1, "that it existed is remembered");
}

async fn a_wrong_password_deletes_nothing(app: App) {
    let user = app.register(EMAIL).await;
    let contact = user.create(ada()).await;
    user.post("/users/me/delete", json!({"password": "Wrong-Password-1"})).await.problem(403, "wrong_password");
    user.post("/users/me/delete", json!({})).await.refused(&[("/password", "required")]);
    app.api().post("/users/me/delete", json!({"password": PASSWORD})).await.problem(401, "unauthenticated");
    assert_eq!(user.list(&[]).await["items"], json!([contact]));
}

async fn an_address_is_free_again_at_once(app: App) {
    let first = app.register(EMAIL).await;
    first.create(ada()).await;
    first.post("/users/me/delete", json!({"password": PASSWORD})).await.expect(204);
    let second = app.register("ADA@example.com").await;
    assert_eq!(second.list(&[]).await["items"], json!([]), "nothing is inherited");
    assert_eq!(second.get("/users/me").await.expect(200).json()["email_verified"], false);
    first.get("/users/me").await.problem(401, "invalid_token");
}

async fn links_of_a_deleted_account_do_nothing(app: App) {
    let first = app.register(EMAIL).await;
    let verify = app.mailed_token(Letter::VerifyEmail, EMAIL);
    app.api().post("/auth/password/forgot", json!({"email": EMAIL})).await.expect(202);
    let reset = app.mailed_token(Letter::ResetPassword, EMAIL);
    first.post("/users/me/delete", json!({"password": PASSWORD})).await.expect(204);
    let second = app.register(EMAIL).await;
    app.api().post("/auth/email/verify", json!({"token": verify})).await.problem(400, "invalid_link");
    let with_reset = json!({"token": reset, "new_password": "Walrus-Compass-17-Ferry"});
    app.api().post("/auth/password/reset", with_reset).await.problem(400, "invalid_link");
    assert_eq!(second.get("/users/me").await.expect(200).json()["email_verified"], false);
}
