//! What is no JSON, or not the strict kind that is understood here.

use reqwest::Method;
use serde_json::json;

use super::{assert_nothing_stored, raw_creation};
use crate::harness::{App, Client, Request, ada, on_both_databases};

on_both_databases!(
    what_is_no_json_is_refused,
    strict_json_has_no_duplicates_and_no_lone_surrogates,
    nesting_has_a_limit,
    what_is_no_object_is_refused,
);

/// A request that takes a body, with any bytes for it: each way to write has its reader.
fn writers(app: &App, user: &Client, contact: &str, body: &[u8]) -> [Request; 7] {
    let anybody = app.api();
    let routes = [
        (user, Method::POST, "/contacts"),
        (user, Method::PUT, contact),
        (user, Method::PATCH, contact),
        (user, Method::PATCH, "/users/me"),
        (&anybody, Method::POST, "/auth/register"),
        (&anybody, Method::POST, "/auth/login"),
        (&anybody, Method::POST, "/auth/refresh"),
    ];
    routes.map(|(client, method, path)| client.request(method, path).body("application/json", body))
}

async fn refused_by_all(app: &App, user: &Client, body: impl AsRef<[u8]>) {
    let missing = "/contacts/0193f3a4-7d6b-7000-8000-000000000000";
    for request in writers(app, user, missing, body.as_ref()) {
        request.await.problem(400, "malformed_json");
    }
}

async fn what_is_no_json_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    let whole = ada().to_string();
    let truncated = &whole[..whole.len() - 1];
    let twice = format!("{whole}{whole}");
    let bodies: [&[u8]; 14] = [
        b"",
        b"   \r\n",
        b"{",
        b"nonsense",
        b"{'first_name': 'Ada'}",
        b"{\"first_name\": \"Ada\",}",
        b"{\"first_name\": }",
        b"{first_name: \"Ada\"}",
        b"{\"first_name\": \"Ada\n\"}",
        b"{\"first_name\": \"\\x41\"}",
        b"/* */ {}",
        truncated.as_bytes(),
        twice.as_bytes(),
        b"NaN",
    ];
    for body in bodies {
        refused_by_all(&app, &user, body).await;
    }
    // Not UTF-8: Latin-1, an overlong slash, an encoded surrogate, a letter cut in half, UTF-16.
    for bytes in [&b"Ren\xe9"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf0\x9f\x91", b"\xff\xfe"] {
        let body = [b"{\"first_name\": \"", bytes, b"\"}"].concat();
        refused_by_all(&app, &user, body).await;
    }
    // Numbers that no number type holds.
    for number in ["1e999", "-1e999", "1e99999999999"] {
        raw_creation(&user, format!("{{\"first_name\": {number}}}")).await.problem(400, "malformed_json");
    }
    assert_nothing_stored(&user).await;
}

async fn strict_json_has_no_duplicates_and_no_lone_surrogates(app: App) {
    let user = app.register("user@example.com").await;
    for surrogate in ["\\ud800", "\\udc00", "\\ud83d", "\\ude00\\ud83d", "\\ud800\\ud800", "x\\uDBFF"] {
        refused_by_all(&app, &user, format!("{{\"first_name\": \"{surrogate}\"}}")).await;
        raw_creation(&user, ada().to_string().replace("Ada", surrogate)).await.problem(400, "malformed_json");
        raw_creation(&user, format!("{{\"{surrogate}\": 1}}")).await.problem(400, "malformed_json");
    }
    // A pair of them is a character.
    let pair = raw_creation(&user, ada().to_string().replace("Ada", "\\ud83d\\ude00")).await.expect(201).json();
    assert_eq!(pair["first_name"], "😀");
    user.delete(&format!("/contacts/{}", pair["id"].as_str().unwrap())).await.expect(204);

    let contact = ada().to_string();
    let inside = &contact[1..];
    for duplicate in
        ["\"first_name\": \"Eve\"", "\"first_n\\u0061me\": \"Eve\"", "\"nick\": 1, \"nick\": 1", "\"id\": 1, \"id\": 1"]
    {
        raw_creation(&user, format!("{{{duplicate},{inside}")).await.problem(400, "malformed_json");
    }
    // Deeper down too, where nothing reads it.
    raw_creation(&user, format!("{{\"nick\": [{{\"a\": 1, \"a\": 2}}],{inside}")).await.problem(400, "malformed_json");
    refused_by_all(&app, &user, "{\"email\": \"a@example.com\", \"email\": \"b@example.com\"}").await;
    assert_nothing_stored(&user).await;
}

async fn nesting_has_a_limit(app: App) {
    let user = app.register("user@example.com").await;
    for depth in [40, 10_000, 100_000] {
        refused_by_all(&app, &user, "[".repeat(depth)).await;
        refused_by_all(&app, &user, "[".repeat(depth) + &"]".repeat(depth)).await;
        let members = "{\"first_name\":".repeat(depth.min(15_000)) + "1" + &"}".repeat(depth.min(15_000));
        refused_by_all(&app, &user, members).await;
    }
    // What is not deep is understood, and then refused for what it is.
    let arrays = "[".repeat(20) + &"]".repeat(20);
    let body = ada().to_string().replace("\"Ada\"", &arrays);
    raw_creation(&user, body).await.refused(&[("/first_name", "wrong_type")]);
    assert_nothing_stored(&user).await;
}

async fn what_is_no_object_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    for body in ["[]", "[{\"first_name\": \"Ada\"}]", "null", "true", "\"Ada\"", "7"] {
        for request in writers(&app, &user, &path, body.as_bytes()) {
            request.await.refused(&[("", "wrong_type")]);
        }
    }
    assert_eq!(user.list(&[]).await["items"], json!([contact]));
}
