//! What browsers are told of every answer, whatever it is.

use std::collections::BTreeMap;

use reqwest::header::ACCEPT;
use serde_json::json;

use crate::harness::{Answer, Setup, ada};

#[track_caller]
fn assert_headers(answer: &Answer, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(answer.header(name), *value, "{name}: {answer}");
    }
}

const EVERYWHERE: [(&str, &str); 3] =
    [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("x-frame-options", "DENY")];
/// Nothing that is no page may do anything, should a browser ever show it as one.
const INERT: (&str, &str) = ("content-security-policy", "default-src 'none'; frame-ancestors 'none'");

/// What each kind of source is allowed by the policy of a page.
fn policy(page: &Answer) -> BTreeMap<&str, Vec<&str>> {
    let rules = page.header("content-security-policy").split(';').map(str::trim).filter(|rule| !rule.is_empty());
    let mut words = rules.map(|rule| rule.split(' '));
    words.by_ref().map(|mut words| (words.next().unwrap(), words.collect())).collect()
}

#[tokio::test]
async fn answers_of_the_api_are_inert_and_kept_by_no_cache() {
    let app = Setup::sqlite().start();
    let user = app.register("user@example.com").await;
    let answers = [
        user.get("/users/me").await.expect(200),
        user.post("/contacts", ada()).await.expect(201),
        user.get("/contacts").await.expect(200),
        user.post("/contacts", json!({})).await.expect(422),
        user.get("/contacts/nothing").await.expect(404),
        user.get("/nowhere").await.expect(404),
        user.delete("/contacts").await.expect(405),
        app.api().get("/contacts").await.expect(401),
        app.api().log_in("user@example.com", "wrong").await.expect(401),
    ];
    for answer in &answers {
        assert_headers(answer, &EVERYWHERE);
        assert_headers(
            answer,
            &[INERT, ("cross-origin-resource-policy", "same-origin"), ("cache-control", "no-store")],
        );
        assert_headers(answer, &[("strict-transport-security", ""), ("server", ""), ("x-powered-by", "")]);
    }
}

#[tokio::test]
async fn what_surrounds_the_api_is_as_inert() {
    let app = Setup::sqlite().start();
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/openapi.json", 200),
        ("/nowhere", 404),
        ("/", 404),
        ("/media/avatars/nothing.png", 404),
        ("/docs/nothing.js", 404),
        ("/errors/nothing", 404),
    ] {
        let answer = app.root().get(path).await.expect(status);
        assert_headers(&answer, &EVERYWHERE);
        assert_headers(&answer, &[INERT, ("strict-transport-security", "")]);
    }
}

#[tokio::test]
async fn tls_is_insisted_on_where_clients_come_by_it() {
    let app = Setup::sqlite().env("PUBLIC_URL", "https://contacts.example.com").start();
    for (path, status) in [("/healthz", 200), ("/docs", 200), ("/nowhere", 404), ("/api/v1/contacts", 401)] {
        let answer = app.root().get(path).await.expect(status);
        assert!(answer.header("strict-transport-security").starts_with("max-age="), "{answer}");
    }
}

#[tokio::test]
async fn the_docs_work_within_their_policy_and_nothing_else_does() {
    let app = Setup::sqlite().start();
    let page = app.root().get("/docs").await.expect(200);
    assert_headers(&page, &EVERYWHERE);
    let policy = policy(&page);
    let allows = |kind: &str| policy.get(kind).or_else(|| policy.get("default-src")).cloned().unwrap_or_default();
    // Its scripts and styles, the document, and requests that are tried out come from here.
    for kind in ["script-src", "style-src", "connect-src", "img-src"] {
        assert!(allows(kind).contains(&"'self'"), "{kind}: {page}");
    }
    // Swagger UI draws with styles and pictures of its own.
    assert!(allows("style-src").contains(&"'unsafe-inline'") && allows("img-src").contains(&"data:"), "{page}");
    for kind in ["script-src", "connect-src"] {
        assert_eq!(allows(kind), ["'self'"], "{kind}: {page}");
    }
    assert_eq!(policy["default-src"], ["'none'"]);
    assert_eq!(policy["frame-ancestors"], ["'none'"]);
    assert_eq!(policy["base-uri"], ["'none'"]);
    // So that no script of the page may stand within it.
    let html = page.text();
    for script in html.split("<script").skip(1) {
        assert!(script.starts_with(" src=") && script.contains("></script>"), "{html}");
    }
    for handler in [" onload=", " onclick=", " onerror=", "javascript:"] {
        assert!(!html.contains(handler), "{html}");
    }
    // What is no script must not be taken for one, nor the other way round.
    for (part, media_type) in
        [("swagger-ui-bundle.js", "javascript"), ("start.js", "javascript"), ("swagger-ui.css", "text/css")]
    {
        let part = app.root().get(&format!("/docs/{part}")).await.expect(200);
        assert!(part.header("content-type").contains(media_type), "{media_type}: {:?}", part.headers);
        assert_headers(&part, &EVERYWHERE);
    }
}

#[tokio::test]
async fn the_page_about_a_problem_runs_nothing() {
    let app = Setup::sqlite().start();
    let page = app.root().get("/errors/not_found").header(ACCEPT, "text/html").await.expect(200);
    assert_headers(&page, &EVERYWHERE);
    let policy = policy(&page);
    assert_eq!((policy["default-src"].as_slice(), policy.get("script-src")), (["'none'"].as_slice(), None));
    assert!(!page.text().contains("<script"), "{page}");
}
