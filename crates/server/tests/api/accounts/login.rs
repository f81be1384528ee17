//! `POST /auth/login`, as JSON and as the form of the OAuth2 password flow.

use std::collections::BTreeSet;

use reqwest::{Method, header::AUTHORIZATION};
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, PASSWORD, Request, on_both_databases};

on_both_databases!(
    a_login_gives_two_tokens,
    a_form_logs_in_as_json_does,
    an_unknown_user_and_a_wrong_password_look_the_same,
    a_text_that_is_no_address_is_an_unknown_user,
    what_is_missing_or_surplus_is_named,
    other_media_types_are_refused,
);

const EMAIL: &str = "ada@example.com";

async fn registered(app: &App) -> Client {
    app.api().register(EMAIL, json!({})).await.expect(201);
    app.api()
}

fn form(api: &Client, fields: &[(&str, &str)]) -> Request {
    api.request(Method::POST, "/auth/login").form(fields)
}

fn assert_tokens(answer: &Answer) {
    assert_eq!(answer.status, 200, "{answer}");
    assert!(answer.header("cache-control").contains("no-store"), "{answer}");
    let tokens = answer.json();
    let members: BTreeSet<_> = tokens.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, BTreeSet::from(["access_token", "refresh_token", "token_type", "expires_in"]));
    assert_eq!(tokens["token_type"], "bearer");
    assert_eq!(tokens["expires_in"], 15 * 60);
    assert_ne!(tokens["access_token"], tokens["refresh_token"]);
}

async fn a_login_gives_two_tokens(app: App) {
    let api = registered(&app).await;
    for email in [EMAIL, "ADA@Example.COM", "  ada@example.com "] {
        let answer = api.log_in(email, PASSWORD).await;
        assert_tokens(&answer);
        let ada = api.with_token(answer.json()["access_token"].as_str().unwrap());
        assert_eq!(ada.get("/users/me").await.expect(200).json()["email"], EMAIL);
    }
}

async fn a_form_logs_in_as_json_does(app: App) {
    let api = registered(&app).await;
    assert_tokens(&form(&api, &[("username", EMAIL), ("password", PASSWORD)]).await);
    // What the docs page sends, with a client id that means nothing here.
    let oauth2 = [
        ("grant_type", "password"),
        ("username", EMAIL),
        ("password", PASSWORD),
        ("scope", ""),
        ("client_id", "docs"),
        ("client_secret", "none"),
    ];
    assert_tokens(&form(&api, &oauth2).header(AUTHORIZATION, "Basic ZG9jczpub25l").await);
    let answer = form(&api, &[("username", EMAIL), ("password", "wrong")]).await;
    answer.problem(401, "invalid_credentials");
    // Percent signs, plus signs and letters of any script survive the form.
    let password = "100% + Żółw & = ?";
    api.post("/auth/register", json!({"email": "plus+tag@example.com", "password": password})).await.expect(201);
    assert_tokens(&form(&api, &[("username", "plus+tag@example.com"), ("password", password)]).await);
}

async fn an_unknown_user_and_a_wrong_password_look_the_same(app: App) {
    let api = registered(&app).await;
    let refusals = [
        api.log_in(EMAIL, "Otter-Lantern-42-Quil").await,
        api.log_in(EMAIL, "otter-lantern-42-quilt").await,
        api.log_in(EMAIL, &"x".repeat(10_000)).await,
        api.log_in("nobody@example.com", PASSWORD).await,
        form(&api, &[("username", "nobody@example.com"), ("password", PASSWORD)]).await,
    ];
    let bodies = refusals.map(|answer| {
        let mut problem = answer.problem(401, "invalid_credentials");
        problem["request_id"] = Value::Null;
        problem
    });
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:#?}");
}

async fn a_text_that_is_no_address_is_an_unknown_user(app: App) {
    let api = registered(&app).await;
    let long = "a".repeat(10_000) + "@example.com";
    let texts = [
        "nobody",
        "@",
        "a@b@c",
        "'; DROP TABLE users; --",
        "%",
        "ada_example.com",
        "👩‍💻",
        "\u{202e}",
        "a\nb@c.d",
        &long,
    ];
    for text in texts {
        api.log_in(text, PASSWORD).await.problem(401, "invalid_credentials");
        form(&api, &[("username", text), ("password", PASSWORD)]).await.problem(401, "invalid_credentials");
    }
}

async fn what_is_missing_or_surplus_is_named(app: App) {
    let api = registered(&app).await;
    let both = [("/email", "required"), ("/password", "required")];
    api.post("/auth/login", json!({})).await.refused(&both);
    api.post("/auth/login", json!({"email": null, "password": null})).await.refused(&both);
    api.post("/auth/login", json!({"email": EMAIL})).await.refused(&[("/password", "required")]);
    let types = json!({"email": [EMAIL], "password": 12_345_678});
    api.post("/auth/login", types).await.refused(&[("/email", "wrong_type"), ("/password", "wrong_type")]);
    let surplus = json!({"email": EMAIL, "password": PASSWORD, "remember": true});
    api.post("/auth/login", surplus).await.refused(&[("/remember", "unknown_field")]);
    form(&api, &[("grant_type", "password")]).await.refused(&[("/username", "required"), ("/password", "required")]);
    form(&api, &[("username", EMAIL)]).await.refused(&[("/password", "required")]);
}

async fn other_media_types_are_refused(app: App) {
    let api = registered(&app).await;
    let body = json!({"email": EMAIL, "password": PASSWORD}).to_string();
    for media_type in
        ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/merge-patch+json"]
    {
        let login = api.request(Method::POST, "/auth/login").body(media_type, body.clone());
        login.await.problem(415, "unsupported_media_type");
    }
    let untyped = api.request(Method::POST, "/auth/login").body_without_type(body.clone());
    untyped.await.problem(415, "unsupported_media_type");
    // The form is for logging in, where the docs page needs it; nothing else takes one.
    for path in ["/auth/register", "/auth/refresh"] {
        let answer = api.request(Method::POST, path).form(&[("email", EMAIL), ("password", PASSWORD)]).await;
        answer.problem(415, "unsupported_media_type");
    }
}
