//! The OpenAPI document is valid, complete, and changes on purpose only.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use contacts_http::openapi_document;
use serde_json::{Value, json};

fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    document["paths"].as_object().unwrap().iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

#[test]
fn it_is_valid_by_the_schema_of_openapi_3_0() {
    let schema: Value = serde_json::from_str(include_str!("openapi-3.0.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = openapi_document();
    let faults: Vec<_> =
        validator.iter_errors(&document).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(!validator.is_valid(&json!({"openapi": "3.0.3"})), "the schema refuses what is no document");
}

#[test]
fn every_reference_leads_somewhere() {
    fn check(value: &Value, document: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference}");
                }
                members.values().for_each(|member| check(member, document));
            }
            Value::Array(items) => items.iter().for_each(|item| check(item, document)),
            _ => {}
        }
    }
    let document = openapi_document();
    check(&document, &document);
}

#[test]
fn it_is_the_snapshot_in_docs() {
    let snapshot: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    assert!(
        openapi_document() == snapshot,
        "the API has changed; if that is meant, `make openapi` updates docs/openapi.json: review its diff"
    );
}

#[test]
fn every_operation_says_who_it_is_and_how_it_refuses() {
    let document = openapi_document();
    let mut ids = HashSet::new();
    for (name, operation) in operations(&document) {
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{name}: a repeated operationId");
        assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{name}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name}");
        for (status, response) in responses {
            assert!(response["headers"]["X-Request-Id"].is_object(), "{name} {status}");
            if status.starts_with(['4', '5']) {
                let content = &response["content"]["application/problem+json"];
                assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{name} {status}");
                assert!(!content["examples"].as_object().unwrap().is_empty(), "{name} {status}");
            }
        }
        assert!(responses.contains_key("500") && responses.contains_key("503"), "{name}");
        for status in ["429", "503"] {
            assert!(responses[status]["headers"]["Retry-After"].is_object(), "{name} {status}");
        }
        let for_users = ["/contacts", "/users/", "/auth/logout"].iter().any(|part| name.contains(part));
        assert_eq!(operation["security"].is_array(), for_users, "{name}: security");
        if operation["security"].is_array() {
            assert!(responses["401"]["headers"]["WWW-Authenticate"].is_object(), "{name}");
        }
    }
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    assert!(document["components"]["securitySchemes"]["password"]["flows"]["password"]["tokenUrl"].is_string());
}

#[test]
fn single_contacts_are_conditional_and_posts_happen_once() {
    let document = openapi_document();
    let contact = &document["paths"]["/api/v1/contacts/{id}"];
    let headers = |operation: &Value| -> Vec<String> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let headers = parameters.filter(|parameter| parameter["in"] == "header");
        headers.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
    };
    for method in ["get", "put", "patch", "delete"] {
        let operation = &contact[method];
        assert_eq!(headers(operation), ["If-Match", "If-None-Match"], "{method}");
        assert!(operation["responses"]["412"].is_object(), "{method}");
        let tagged = operation["responses"]["200"]["headers"]["ETag"].is_object();
        assert_eq!(tagged, method != "delete", "{method}");
    }
    let not_modified = &contact["get"]["responses"]["304"];
    assert!(not_modified["headers"]["ETag"].is_object() && not_modified.get("content").is_none());
    for (path, status) in [("", "201"), ("/{id}/restore", "200"), ("/batch", "200")] {
        let operation = &document["paths"][format!("/api/v1/contacts{path}")]["post"];
        assert_eq!(headers(operation), ["Idempotency-Key"], "{path}");
        assert!(operation["responses"][status]["headers"]["Idempotency-Replayed"].is_object(), "{path}");
        assert!(operation["responses"]["409"]["headers"]["Retry-After"].is_object(), "{path}");
    }
}

#[test]
fn a_restored_contact_needs_no_body() {
    let document = openapi_document();
    let body = |path: &str| document["paths"][path]["post"]["requestBody"]["required"].as_bool().unwrap_or_default();
    assert!(!body("/api/v1/contacts/{id}/restore"));
    assert!(body("/api/v1/contacts") && body("/api/v1/contacts/batch"));
}

#[test]
fn a_patch_comes_as_json_or_as_merge_patch_and_a_login_also_as_a_form() {
    let document = openapi_document();
    let types = |path: &str, method: &str| -> Vec<String> {
        let content = &document["paths"][path][method]["requestBody"]["content"];
        content.as_object().unwrap().keys().cloned().collect()
    };
    for path in ["/api/v1/contacts/{id}", "/api/v1/users/me"] {
        assert_eq!(types(path, "patch"), ["application/json", "application/merge-patch+json"]);
    }
    assert_eq!(types("/api/v1/auth/login", "post"), ["application/json", "application/x-www-form-urlencoded"]);
    assert_eq!(types("/api/v1/contacts", "post"), ["application/json"]);
}

#[test]
fn a_picture_comes_in_a_form_with_files() {
    let document = openapi_document();
    let body = &document["paths"]["/api/v1/users/me/avatar"]["put"]["requestBody"];
    let schema = &body["content"]["multipart/form-data"]["schema"];
    assert_eq!(schema["properties"]["file"], json!({"type": "string", "format": "binary"}));
    assert_eq!(body["required"], true);
}

#[test]
fn whatever_a_contact_route_answers_says_what_is_left_of_the_limit() {
    let document = openapi_document();
    for (name, operation) in operations(&document) {
        let limited = name.contains("/api/v1/contacts");
        assert!(operation["responses"]["429"].is_object() || !limited, "{name}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert_eq!(response["headers"]["RateLimit"].is_object(), limited, "{name} {status}");
        }
    }
}

#[test]
fn every_parameter_in_a_query_is_described() {
    let document = openapi_document();
    for (name, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(
                parameter["description"].is_string() && parameter["schema"]["type"].is_string(),
                "{name}: {parameter}"
            );
        }
    }
}
