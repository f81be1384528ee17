//! Refreshing a session.

use serde_json::json;

use super::{assert_too_many, from, limited};
use crate::harness::{Client, PASSWORD, Setup, on_both_databases};

on_both_databases!(a_session_is_refreshed_only_so_often);

const EMAIL: &str = "ada@example.com";

async fn refresh_token(api: &Client) -> String {
    let tokens = from("203.0.113.1", api.log_in(EMAIL, PASSWORD)).await.expect(200).json();
    tokens["refresh_token"].as_str().unwrap().to_owned()
}

async fn a_session_is_refreshed_only_so_often(setup: Setup) {
    let app = limited(setup, &[("RATE_LIMIT_AUTH", "5/h")]).start();
    let api = app.api();
    from("203.0.113.1", api.register(EMAIL, json!({}))).await.expect(201);
    let (mut token, other) = (refresh_token(&api).await, refresh_token(&api).await);
    let body = |token: &str| json!({"refresh_token": token});
    // From an address of its own each, so that only the session is counted.
    for address in 10..15 {
        let refreshed = from(&format!("203.0.113.{address}"), api.post("/auth/refresh", body(&token))).await;
        token = refreshed.expect(200).json()["refresh_token"].as_str().unwrap().to_owned();
    }
    let refused = from("203.0.113.20", api.post("/auth/refresh", body(&token))).await;
    assert_too_many(&refused);
    from("203.0.113.20", api.post("/auth/refresh", body(&other))).await.expect(200);
    // A text that is no token is counted for no session.
    for _ in 0..3 {
        from("203.0.113.21", api.post("/auth/refresh", body("nonsense"))).await.problem(401, "invalid_token");
    }
}
