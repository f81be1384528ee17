//! `POST /auth/refresh`

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{App, PASSWORD, on_both_databases};

on_both_databases!(
    a_refresh_token_buys_a_new_pair,
    an_access_token_does_not_refresh,
    a_refresh_token_does_not_authenticate,
    what_is_no_refresh_token_is_refused,
);

const EMAIL: &str = "ada@example.com";

/// A registered user's tokens.
async fn tokens(app: &App) -> Value {
    app.api().register(EMAIL, json!({})).await.expect(201);
    app.api().log_in(EMAIL, PASSWORD).await.expect(200).json()
}

async fn a_refresh_token_buys_a_new_pair(app: App) {
    let mut tokens = tokens(&app).await;
    for _ in 0..3 {
        let answer =
            app.api().post("/auth/refresh", json!({"refresh_token": tokens["refresh_token"]})).await.expect(200);
        assert!(answer.header("cache-control").contains("no-store"), "{answer}");
        tokens = answer.json();
        assert_eq!(tokens.as_object().unwrap().len(), 4, "{answer}");
        assert_eq!(tokens["token_type"], "bearer");
        assert_eq!(tokens["expires_in"], 15 * 60);
        let ada = app.api().with_token(tokens["access_token"].as_str().unwrap());
        assert_eq!(ada.get("/users/me").await.expect(200).json()["email"], EMAIL);
    }
}

async fn an_access_token_does_not_refresh(app: App) {
    let tokens = tokens(&app).await;
    let answer = app.api().post("/auth/refresh", json!({"refresh_token": tokens["access_token"]})).await;
    answer.problem(401, "invalid_token");
}

async fn a_refresh_token_does_not_authenticate(app: App) {
    let tokens = tokens(&app).await;
    let ada = app.api().with_token(tokens["refresh_token"].as_str().unwrap());
    for path in ["/users/me", "/contacts", "/contacts/birthdays"] {
        ada.get(path).await.problem(401, "invalid_token");
    }
}

async fn what_is_no_refresh_token_is_refused(app: App) {
    let api = app.api();
    let tokens = tokens(&app).await;
    let token = tokens["refresh_token"].as_str().unwrap();
    let shortened = &token[..token.len() - 4];
    for wrong in ["nonsense", "a.b.c", "....", "żółw", shortened, &format!("{token}A"), &format!("x{token}")] {
        api.post("/auth/refresh", json!({"refresh_token": wrong})).await.problem(401, "invalid_token");
    }
    api.post("/auth/refresh", json!({})).await.refused(&[("/refresh_token", "required")]);
    api.post("/auth/refresh", json!({"refresh_token": 7})).await.refused(&[("/refresh_token", "wrong_type")]);
    let surplus = json!({"refresh_token": token, "scope": "all"});
    api.post("/auth/refresh", surplus).await.refused(&[("/scope", "unknown_field")]);
    api.request(Method::POST, "/auth/refresh").body("application/json", "").await.problem(400, "malformed_json");
}
