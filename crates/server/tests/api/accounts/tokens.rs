//! Who may use what needs a login, and how everybody else is turned away.

use reqwest::{Method, header::AUTHORIZATION};

use crate::harness::{App, Client, on_both_databases};

on_both_databases!(
    whoever_has_no_token_is_asked_for_one,
    a_token_that_was_tampered_with_is_refused,
    the_scheme_may_be_written_in_any_case,
);

/// One of each kind of route that needs a login.
const PROTECTED: [(Method, &str); 9] = [
    (Method::GET, "/users/me"),
    (Method::PATCH, "/users/me"),
    (Method::POST, "/contacts"),
    (Method::GET, "/contacts"),
    (Method::GET, "/contacts/birthdays"),
    (Method::GET, "/contacts/0193f3a4-7d6b-7000-8000-000000000000"),
    (Method::PUT, "/contacts/0193f3a4-7d6b-7000-8000-000000000000"),
    (Method::PATCH, "/contacts/0193f3a4-7d6b-7000-8000-000000000000"),
    (Method::DELETE, "/contacts/not-an-id"),
];

async fn whoever_has_no_token_is_asked_for_one(app: App) {
    let api = app.api();
    for (method, path) in PROTECTED {
        api.request(method, path).await.problem(401, "unauthenticated");
    }
    let headers: [&[u8]; 8] = [
        b"",
        b"Bearer",
        b"Bearer ",
        b"Basic YWRhOnNlY3JldA==",
        b"Token abc",
        b"eyJhbGciOiJIUzI1NiJ9.e30.x",
        b"Bearerx y",
        b"\xff",
    ];
    for header in headers {
        let answer = api.get("/users/me").header_bytes(AUTHORIZATION, header).await;
        answer.problem(401, "unauthenticated");
    }
}

async fn a_token_that_was_tampered_with_is_refused(app: App) {
    let ada = app.register("ada@example.com").await;
    let refused = async |token: &str| {
        app.api().with_token(token).get("/users/me").await.problem(401, "invalid_token");
    };
    for wrong in ["nonsense", "a.b.c", "..", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"] {
        refused(wrong).await;
    }
    let token = ada.token();
    let parts: Vec<&str> = token.split('.').collect();
    let [head, claims, signature] = parts[..] else { panic!("an access token has three parts") };
    // {"alg":"none","typ":"JWT"}
    let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    refused(&format!("{unsigned}.{claims}.")).await;
    refused(&format!("{unsigned}.{claims}.{signature}")).await;
    refused(&format!("{head}.{claims}.")).await;
    refused(&format!("{head}.{claims}")).await;
    // One character after the other: each carries at least some bits that are signed. The last one of a
    // part may hold bits that mean nothing, so it is left out.
    for place in (0..claims.len() - 1).step_by(7) {
        refused(&format!("{head}.{}.{signature}", with_another_character(claims, place))).await;
    }
    for place in (0..signature.len() - 1).step_by(7) {
        refused(&format!("{head}.{claims}.{}", with_another_character(signature, place))).await;
    }
    ada.get("/users/me").await.expect(200);
}

fn with_another_character(text: &str, place: usize) -> String {
    let other = if text.as_bytes()[place] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &text[..place], &text[place + 1..])
}

async fn the_scheme_may_be_written_in_any_case(app: App) {
    let ada: Client = app.register("ada@example.com").await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let header = format!("{scheme} {}", ada.token());
        app.api().get("/users/me").header(AUTHORIZATION, &header).await.expect(200);
    }
}
