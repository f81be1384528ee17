//! Bodies of 256 KiB are read, longer ones are refused, and the client learns why.

use reqwest::Method;
use serde_json::json;

use super::{assert_nothing_stored, raw_creation};
use crate::harness::{App, Client, RawHttp, ada, merged, on_both_databases};

on_both_databases!(
    the_limit_is_exact,
    five_megabytes_are_refused_and_the_client_learns_of_it,
    five_megabytes_in_chunks_are_refused_too,
    a_body_in_chunks_is_as_good_as_any,
);

const LIMIT: usize = 256 * 1024;
const FIVE_MEGABYTES: usize = 5_000_000;

/// A valid contact, as long as this: JSON may have any white space around it.
fn padded(length: usize) -> Vec<u8> {
    let mut body = ada().to_string().into_bytes();
    body.resize(length, b' ');
    body
}

fn authorization(user: &Client) -> String {
    format!("Authorization: Bearer {}", user.token())
}

async fn the_limit_is_exact(app: App) {
    let user = app.register("user@example.com").await;
    raw_creation(&user, padded(LIMIT + 1)).await.problem(413, "payload_too_large");
    assert_nothing_stored(&user).await;
    raw_creation(&user, padded(LIMIT)).await.expect(201);
    // The connection, or another one, serves what comes next.
    user.get("/contacts").await.expect(200);
    // Text of 10,000 characters fits, however it is written.
    let escaped = merged(ada(), json!({"additional_data": "😀".repeat(10_000)})).to_string();
    raw_creation(&user, escaped.replace('😀', "\\ud83d\\ude00")).await.expect(201);
}

async fn five_megabytes_are_refused_and_the_client_learns_of_it(app: App) {
    let user = app.register("user@example.com").await;
    let contact = "/contacts/0193f3a4-7d6b-7000-8000-000000000000";
    // More than once: whether a client can still read the answer is a matter of timing.
    for _ in 0..3 {
        for (method, path) in [
            (Method::POST, "/contacts"),
            (Method::PUT, contact),
            (Method::PATCH, contact),
            (Method::PATCH, "/users/me"),
            (Method::POST, "/auth/register"),
            (Method::POST, "/auth/login"),
            (Method::POST, "/auth/refresh"),
        ] {
            let request = user.request(method, path).body("application/json", padded(FIVE_MEGABYTES));
            request.await.problem(413, "payload_too_large");
        }
    }
    let huge_name = merged(ada(), json!({"first_name": "x".repeat(FIVE_MEGABYTES)}));
    user.post("/contacts", huge_name).await.problem(413, "payload_too_large");
    let form =
        user.request(Method::POST, "/auth/login").form(&[("username", "x"), ("password", &"x".repeat(FIVE_MEGABYTES))]);
    form.await.problem(413, "payload_too_large");
    assert_nothing_stored(&user).await;
}

async fn five_megabytes_in_chunks_are_refused_too(app: App) {
    let user = app.register("user@example.com").await;
    let authorization = authorization(&user);
    let json = "Content-Type: application/json";
    let chunked = RawHttp::chunked(&padded(FIVE_MEGABYTES));
    for _ in 0..3 {
        let headers = [authorization.as_str(), json, "Transfer-Encoding: chunked"];
        let answer = RawHttp::request("POST /api/v1/contacts", &headers, &chunked).send(app.origin());
        answer.problem(413, "payload_too_large");
    }
    // Some clients ask first, and go on without an answer.
    let length = format!("Content-Length: {FIVE_MEGABYTES}");
    let headers = [authorization.as_str(), json, &length, "Expect: 100-continue"];
    let answer = RawHttp::request("POST /api/v1/contacts", &headers, &padded(FIVE_MEGABYTES)).send(app.origin());
    answer.problem(413, "payload_too_large");
    assert_nothing_stored(&user).await;
}

async fn a_body_in_chunks_is_as_good_as_any(app: App) {
    let user = app.register("user@example.com").await;
    let authorization = authorization(&user);
    for length in [ada().to_string().len(), LIMIT] {
        let headers = [authorization.as_str(), "Content-Type: application/json", "Transfer-Encoding: chunked"];
        let chunked = RawHttp::chunked(&padded(length));
        RawHttp::request("POST /api/v1/contacts", &headers, &chunked).send(app.origin()).expect(201);
    }
    let headers = [authorization.as_str(), "Content-Type: application/json", "Transfer-Encoding: chunked"];
    let chunked = RawHttp::chunked(&padded(LIMIT + 1));
    let answer = RawHttp::request("POST /api/v1/contacts", &headers, &chunked).send(app.origin());
    answer.problem(413, "payload_too_large");
    assert_eq!(user.list(&[]).await["items"].as_array().unwrap().len(), 2);
}
