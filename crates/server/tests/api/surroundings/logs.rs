//! What the log says, and what it never says.

use reqwest::header::HeaderName;
use serde_json::json;

use crate::harness::{PostgresProxy, Setup, ada, merged, on_both_databases};

on_both_databases!(nothing_secret_is_logged);

async fn nothing_secret_is_logged(setup: Setup) {
    let (password, wrong, query, notes) = ("Canary-Password-1", "Canary-Password-2", "canary-query", "canary-notes");
    // With what is logged for those who look for faults, too.
    let app = setup.env("LOG_LEVEL", "debug").start();
    let api = app.api();
    let account = json!({"email": "ada@example.com", "password": password});
    api.post("/auth/register", &account).await.expect(201);
    api.post("/auth/register", &account).await.expect(409);
    api.post("/auth/register", json!({"email": "x", "password": password})).await.expect(422);
    api.log_in("ada@example.com", wrong).await.expect(401);
    api.log_in("nobody@example.com", password).await.expect(401);
    let form = [("username", "ada@example.com"), ("password", password)];
    api.request(reqwest::Method::POST, "/auth/login").form(&form).await.expect(200);
    let first = api.log_in("ada@example.com", password).await.expect(200).json();
    let refreshed =
        api.post("/auth/refresh", json!({"refresh_token": first["refresh_token"]})).await.expect(200).json();

    let user = api.with_token(refreshed["access_token"].as_str().unwrap());
    let contact = user.create(merged(ada(), json!({"additional_data": notes}))).await;
    user.get("/contacts").query(&[("q", query)]).await.expect(200);
    user.get("/contacts").query(&[(query, query)]).await.expect(422);
    user.post("/contacts", merged(ada(), json!({"additional_data": notes, "email": notes}))).await.expect(422);
    user.get(&format!("/contacts/{}", contact["id"].as_str().unwrap())).await.expect(200);

    let (_setup, log) = app.stop();
    let tokens = [&first, &refreshed].map(|pair| [&pair["access_token"], &pair["refresh_token"]]);
    let tokens = tokens.as_flattened().iter().map(|token| token.as_str().unwrap());
    // The signature alone would let nobody in, but nothing of a token has a place here.
    let signatures = tokens.flat_map(|token| [token, token.rsplit('.').next().unwrap()]);
    for secret in [password, wrong, query, notes, "$2b$", "$2a$"].into_iter().chain(signatures) {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
    // And yet it says what happened: the routes by their patterns.
    assert!(log.contains("/auth/login") && log.contains("/contacts/{id}"), "{log}");
}

#[tokio::test]
async fn a_failure_is_logged_with_the_id_of_its_request_where_nothing_else_is_logged() {
    let setup = Setup::postgres().await.env("LOG_LEVEL", "error");
    let database = setup.database_url().unwrap();
    let proxy = PostgresProxy::to(&database);
    let app = setup.env("DATABASE_URL", proxy.url(&database).as_str()).start();
    proxy.cut();
    let request_id = HeaderName::from_static("x-request-id");
    app.root().get("/readyz").header(request_id, "the-one-that-failed").await.expect(503);
    let (_setup, log) = app.stop();
    let failure = log.lines().find(|line| line.contains("\"failed\"")).expect("the failure is logged");
    assert!(failure.contains("the-one-that-failed"), "{failure}");
}
