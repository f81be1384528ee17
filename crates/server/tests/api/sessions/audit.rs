//! What happens to sessions and accounts is written down.

use serde_json::json;

use crate::harness::{App, Letter, PASSWORD, on_both_databases};

on_both_databases!(each_event_of_a_life_is_audited_once);

const EMAIL: &str = "ada@example.com";
const NEW: &str = "Walrus-Compass-17-Ferry";

async fn each_event_of_a_life_is_audited_once(app: App) {
    let api = app.api();
    api.register(EMAIL, json!({})).await.expect(201);
    let phone = app.session(EMAIL).await;
    api.log_in(EMAIL, "Wrong-Password-1").await.expect(401);
    api.post("/auth/email/verify", json!({"token": app.mailed_token(Letter::VerifyEmail, EMAIL)})).await.expect(204);
    phone.client.post("/auth/logout", json!({})).await.expect(204);
    api.post("/auth/password/forgot", json!({"email": EMAIL})).await.expect(202);
    let reset = json!({"token": app.mailed_token(Letter::ResetPassword, EMAIL), "new_password": NEW});
    api.post("/auth/password/reset", reset).await.expect(204);
    let tokens = api.log_in(EMAIL, NEW).await.expect(200).json();
    let laptop = api.with_token(tokens["access_token"].as_str().unwrap());
    let change = json!({"current_password": NEW, "new_password": PASSWORD});
    laptop.post("/users/me/password", change).await.expect(204);
    laptop.post("/users/me/delete", json!({"password": PASSWORD})).await.expect(204);

    let kinds = app.setup().sql("SELECT kind AS text FROM audit_log ORDER BY at, id").await;
    let expected = [
        "registered",
        "logged_in",
        "login_failed",
        "email_verified",
        "logged_out",
        "password_reset",
        "logged_in",
        "password_changed",
        "account_deleted",
    ];
    assert_eq!(kinds, expected);
    let strangers = "SELECT kind AS text FROM audit_log WHERE user_id IS NULL OR address <> '127.0.0.1'";
    assert_eq!(app.setup().sql(strangers).await, [] as [String; 0], "each says who, and from where");
}
