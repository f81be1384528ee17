//! `/openapi.json`

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::harness::Setup;

/// What there is, and nothing else.
const OPERATIONS: [&str; 34] = [
    "POST /auth/register",
    "POST /auth/login",
    "POST /auth/refresh",
    "POST /auth/logout",
    "POST /auth/email/verification",
    "POST /auth/email/verify",
    "POST /auth/password/forgot",
    "POST /auth/password/reset",
    "GET /users/me",
    "PATCH /users/me",
    "POST /users/me/password",
    "POST /users/me/email",
    "POST /users/me/delete",
    "PUT /users/me/avatar",
    "DELETE /users/me/avatar",
    "GET /users/me/sessions",
    "DELETE /users/me/sessions/{id}",
    "POST /contacts",
    "GET /contacts",
    "GET /contacts/{id}",
    "PUT /contacts/{id}",
    "PATCH /contacts/{id}",
    "DELETE /contacts/{id}",
    "GET /contacts/birthdays",
    "POST /contacts/batch",
    "GET /contacts/trash",
    "DELETE /contacts/trash",
    "POST /contacts/{id}/restore",
    "GET /contacts/changes",
    "GET /contacts/labels",
    "PATCH /contacts/labels/{label}",
    "DELETE /contacts/labels/{label}",
    "GET /users/me/export",
    // Beside the API: these may be described too.
    "GET /healthz",
];
/// How many of them make up the API.
const API: usize = 33;

/// Every operation by method and path.
fn operations(document: &Value) -> BTreeMap<String, &Value> {
    let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.trim_start_matches("/api/v1");
        for (method, operation) in item.as_object().unwrap().iter().filter(|(key, _)| methods.contains(&key.as_str())) {
            operations.insert(format!("{} {path}", method.to_uppercase()), operation);
        }
    }
    operations
}

#[tokio::test]
async fn the_document_describes_what_is_there() {
    let app = Setup::sqlite().start();
    let answer = app.root().get("/openapi.json").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let document = answer.json();
    assert_eq!(document["openapi"], "3.0.3");

    let operations = operations(&document);
    let of_the_api: BTreeSet<_> = OPERATIONS[..API].iter().copied().collect();
    let described: BTreeSet<_> = operations.keys().map(String::as_str).collect();
    assert!(of_the_api.is_subset(&described), "{described:?}");
    for other in described.difference(&of_the_api) {
        let path = other.split(' ').nth(1).unwrap();
        let beside = ["/healthz", "/readyz", "/openapi.json", "/docs", "/errors/{code}"];
        assert!(beside.contains(&path), "{other} is described, but not there");
    }
    let ids: BTreeSet<_> = operations.values().map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), operations.len(), "every operation has a name of its own");
}

#[tokio::test]
async fn the_document_says_how_to_log_in() {
    let app = Setup::sqlite().start();
    let document = app.root().get("/openapi.json").await.expect(200).json();
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    let bearer = schemes.iter().find(|(_, scheme)| scheme["type"] == "http" && scheme["scheme"] == "bearer");
    let password = schemes.iter().find(|(_, scheme)| scheme["type"] == "oauth2");
    let (Some((bearer, _)), Some((password, flow))) = (bearer, password) else { panic!("{schemes:#?}") };
    let token_url = flow["flows"]["password"]["tokenUrl"].as_str().unwrap();
    let token_url = app.origin().join("/docs").unwrap().join(token_url).unwrap();
    assert_eq!(token_url.path(), "/api/v1/auth/login");

    let needs_a_token = |name: &str| !name.contains(" /auth/") || name == "POST /auth/logout";
    for (name, operation) in operations(&document) {
        if !OPERATIONS[..API].contains(&name.as_str()) {
            continue;
        }
        let security = operation.get("security").or_else(|| document.get("security"));
        let either: BTreeSet<_> = security
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .flat_map(|requirement| requirement.as_object().unwrap().keys())
            .collect();
        let expected = if needs_a_token(&name) { BTreeSet::from([bearer, password]) } else { BTreeSet::new() };
        assert_eq!(either, expected, "{name}");
    }
}

#[tokio::test]
async fn every_refusal_is_described_as_a_problem() {
    let app = Setup::sqlite().start();
    let document = app.root().get("/openapi.json").await.expect(200).json();
    for (name, operation) in operations(&document) {
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
        if !OPERATIONS[..API].contains(&name.as_str()) {
            continue;
        }
        assert!(answers.contains_key("422"), "{name}");
        assert_eq!(answers.contains_key("404"), name.contains('{'), "{name}");
        for (status, answer) in answers.iter().filter(|(status, _)| status.as_str() >= "400") {
            let answer = resolved(&document, answer);
            assert!(answer["content"].get("application/problem+json").is_some(), "{name} {status}: {answer}");
        }
    }
}

/// What a reference refers to.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}
