//! What pages of other origins may do with the service.

use std::collections::BTreeSet;

use reqwest::{
    Method,
    header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, ORIGIN},
};
use serde_json::json;

use crate::harness::{Answer, App, Client, Request, Setup, ada};

const OURS: &str = "https://app.example.com";
const FOREIGN: &str = "https://evil.example";

/// Every header of CORS that a server can send.
const CORS_HEADERS: [&str; 7] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-private-network",
    "access-control-expose-headers",
    "access-control-max-age",
];

fn start() -> App {
    Setup::sqlite().env("CORS_ALLOWED_ORIGINS", &format!("{OURS}, http://localhost:5173")).start()
}

fn preflight(client: &Client, path: &str, origin: &str, method: &str, headers: &str) -> Request {
    client
        .request(Method::OPTIONS, path)
        .header(ORIGIN, origin)
        .header(ACCESS_CONTROL_REQUEST_METHOD, method)
        .header(ACCESS_CONTROL_REQUEST_HEADERS, headers)
}

/// The names in a header that lists some, whatever their order and case.
fn names(answer: &Answer, header: &str) -> BTreeSet<String> {
    answer.header(header).split(',').map(|name| name.trim().to_ascii_lowercase()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Of the answers that depend on the origin, a cache must not give one to another.
#[track_caller]
fn assert_varies(answer: &Answer) {
    let varies = answer.headers.get_all("vary").iter().flat_map(|value| value.to_str().unwrap().split(','));
    assert!(varies.into_iter().any(|name| name.trim().eq_ignore_ascii_case("origin")), "{answer}");
}

#[track_caller]
fn assert_readable(answer: &Answer, origin: &str) {
    assert_eq!(answer.header("access-control-allow-origin"), origin, "{answer}");
    let exposed = [
        "etag",
        "idempotency-replayed",
        "link",
        "location",
        "retry-after",
        "ratelimit",
        "ratelimit-policy",
        "x-request-id",
    ];
    assert_eq!(names(answer, "access-control-expose-headers"), set(&exposed), "{answer}");
    assert_eq!(answer.header("access-control-allow-credentials"), "", "{answer}");
    assert_varies(answer);
}

/// Asserts that a browser keeps an answer from the page that asked.
#[track_caller]
fn assert_unreadable(answer: &Answer) {
    assert_eq!(answer.header("access-control-allow-origin"), "", "{answer}");
    assert_eq!(answer.header("access-control-allow-credentials"), "", "{answer}");
    assert_varies(answer);
}

#[tokio::test]
async fn a_listed_origin_may_send_all_that_the_api_understands() {
    let app = start();
    let all = "authorization,content-type,if-match,if-none-match,idempotency-key,prefer,x-request-id";
    for origin in [OURS, "http://localhost:5173"] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] {
            // Nobody sends a token with it.
            let answer = preflight(&app.api(), "/contacts", origin, method, all).await;
            assert!((200..300).contains(&answer.status), "{answer}");
            assert_eq!(answer.header("access-control-allow-origin"), origin, "{answer}");
            assert!(names(&answer, "access-control-allow-methods").contains(&method.to_ascii_lowercase()), "{answer}");
            let allowed = all.split(',').collect::<Vec<_>>();
            assert_eq!(names(&answer, "access-control-allow-headers"), set(&allowed), "{answer}");
            assert_ne!(answer.header("access-control-max-age"), "", "{answer}");
            assert_eq!(answer.header("access-control-allow-credentials"), "", "{answer}");
            assert_varies(&answer);
        }
    }
    for path in ["/auth/login", "/users/me", "/contacts/birthdays", "/users/me/avatar"] {
        let answer = preflight(&app.api(), path, OURS, "POST", "content-type").await;
        assert!((200..300).contains(&answer.status), "{answer}");
    }
}

#[tokio::test]
async fn a_refused_preflight_is_a_problem() {
    let app = start();
    for (origin, method, headers) in [
        (FOREIGN, "GET", "authorization"),
        ("https://app.example.com.evil.example", "GET", "authorization"),
        ("https://app.example.com:8443", "GET", "authorization"),
        ("http://app.example.com", "GET", "authorization"),
        ("null", "GET", "authorization"),
        (OURS, "TRACE", "authorization"),
        (OURS, "GET", "x-anything"),
    ] {
        let answer = preflight(&app.api(), "/contacts", origin, method, headers).await;
        answer.problem(403, "cors_refused");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{answer}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{answer}");
    }
}

#[tokio::test]
async fn a_page_of_a_listed_origin_reads_every_answer() {
    let app = start();
    let user = app.register("user@example.com").await;
    let huge = vec![b' '; 300_000];
    for (request, status) in [
        (user.get("/users/me"), 200),
        (user.post("/contacts", ada()), 201),
        (user.post("/contacts", json!({})), 422),
        (user.get("/contacts/nothing"), 404),
        (user.get("/nowhere"), 404),
        (user.delete("/contacts"), 405),
        (user.request(Method::POST, "/contacts").body("application/json", "{"), 400),
        (user.request(Method::POST, "/contacts").body("application/json", huge), 413),
        (user.request(Method::POST, "/contacts").body("text/plain", "{}"), 415),
        (app.api().get("/contacts"), 401),
        (app.root().get("/openapi.json"), 200),
    ] {
        assert_readable(&request.header(ORIGIN, OURS).await.expect(status), OURS);
    }
}

#[tokio::test]
async fn a_page_reads_that_it_asked_too_often() {
    let limits = [("RATE_LIMIT_ENABLED", "true"), ("RATE_LIMIT_AUTH", "3/h"), ("RATE_LIMIT_CONTACTS", "1/h")];
    let setup = Setup::sqlite().env("CORS_ALLOWED_ORIGINS", OURS);
    let app = limits.iter().fold(setup, |setup, (name, rate)| setup.env(name, rate)).start();
    let user = app.register("user@example.com").await;
    let allowed = user.get("/contacts").header(ORIGIN, OURS).await.expect(200);
    assert_readable(&allowed, OURS);
    let refused = user.get("/contacts").header(ORIGIN, OURS).await;
    refused.problem(429, "rate_limited");
    assert_readable(&refused, OURS);
    // A preflight is no request of the page: it is neither counted nor refused.
    for _ in 0..5 {
        let answer = preflight(&app.api(), "/auth/login", OURS, "POST", "content-type").await;
        assert!((200..300).contains(&answer.status), "{answer}");
    }
    app.api().post("/auth/login", json!({})).header(ORIGIN, OURS).await.expect(422);
    let refused = app.api().post("/auth/login", json!({})).header(ORIGIN, OURS).await;
    refused.problem(429, "rate_limited");
    assert_readable(&refused, OURS);
}

#[tokio::test]
async fn another_origin_is_answered_but_its_page_reads_nothing() {
    let app = start();
    let user = app.register("user@example.com").await;
    for origin in [FOREIGN, "null", "https://app.example.com.evil.example", "http://app.example.com"] {
        for (request, status) in [(user.get("/users/me"), 200), (app.api().get("/contacts"), 401)] {
            assert_unreadable(&request.header(ORIGIN, origin).await.expect(status));
        }
    }
    // Who is no page has no origin; a cache must know even so that others have.
    assert_unreadable(&user.get("/users/me").await.expect(200));
}

#[tokio::test]
async fn where_no_origin_is_listed_there_is_no_cors() {
    let app = Setup::sqlite().start();
    let user = app.register("user@example.com").await;
    let answers = [
        user.get("/users/me").header(ORIGIN, OURS).await.expect(200),
        app.api().get("/contacts").header(ORIGIN, OURS).await.expect(401),
        user.get("/nowhere").header(ORIGIN, OURS).await.expect(404),
        preflight(&user, "/contacts", OURS, "GET", "authorization").await.expect(405),
    ];
    for answer in &answers {
        for header in CORS_HEADERS.into_iter().chain(["vary"]) {
            assert!(!answer.headers.contains_key(HeaderName::from_static(header)), "{header}: {answer}");
        }
    }
}
