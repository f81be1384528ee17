//! What is refused on the way to contacts, before anything is looked up.

use actix_web::{http::Method, test::TestRequest};
use serde_json::json;

use super::world::{Answer, World, by_ada, send};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

async fn ask(method: Method, path: &str, body: Option<&str>) -> Answer {
    ask_with(TestRequest::default(), method, path, body).await
}

async fn ask_with(request: TestRequest, method: Method, path: &str, body: Option<&str>) -> Answer {
    let request = by_ada(request).method(method).uri(&format!("/api/v1/contacts{path}"));
    let request = match body {
        Some(body) => request.insert_header(("content-type", "application/json")).set_payload(body.to_owned()),
        None => request,
    };
    send(&World::new().service().await, request).await
}

fn faults(answer: &Answer) -> Vec<(String, String)> {
    let json = answer.json();
    let text = |fault: &serde_json::Value, name: &str| fault[name].as_str().unwrap().to_owned();
    json["errors"].as_array().unwrap().iter().map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect()
}

fn fault(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

#[actix_web::test]
async fn what_has_a_name_of_its_own_is_no_id() {
    for (path, allowed) in [
        ("/batch", "POST"),
        ("/birthdays", "GET, HEAD"),
        ("/changes", "GET, HEAD"),
        ("/labels", "GET, HEAD"),
        ("/labels/a%2Fb", "PATCH, DELETE"),
        ("/trash", "GET, HEAD, DELETE"),
        (&format!("/{ID}/restore"), "POST"),
    ] {
        let answer = ask(Method::PUT, path, None).await;
        answer.assert_problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some(allowed), "{path}");
    }
}

#[actix_web::test]
async fn faults_of_a_key_are_told_with_those_of_the_body() {
    for path in ["".to_owned(), "/batch".to_owned(), format!("/{ID}/restore")] {
        let request = TestRequest::default().insert_header(("idempotency-key", "x".repeat(256)));
        let answer = ask_with(request, Method::POST, &path, Some(r#"{"unknown": 1}"#)).await;
        answer.assert_problem(422, "validation_failed");
        let faults = faults(&answer);
        assert!(faults.contains(&fault("/Idempotency-Key", "invalid_idempotency_key")), "{path}: {faults:?}");
        assert!(faults.contains(&fault("/unknown", "unknown_field")), "{path}: {faults:?}");
    }
}

#[actix_web::test]
async fn to_restore_a_contact_nothing_is_to_be_said() {
    let path = format!("/{ID}/restore");
    // Both get as far as the database, which is away.
    ask(Method::POST, &path, None).await.assert_problem(503, "unavailable");
    ask(Method::POST, &path, Some("{}")).await.assert_problem(503, "unavailable");
    ask(Method::POST, &path, Some("[]")).await.assert_problem(422, "validation_failed");
    ask(Method::POST, &path, Some("{")).await.assert_problem(400, "malformed_json");
    ask(Method::POST, &format!("{path}?x=1"), None).await.assert_problem(422, "validation_failed");
}

#[actix_web::test]
async fn a_batch_may_be_large_and_everything_else_may_not() {
    let long = format!("{{\"operations\": [], \"unknown\": \"{}\"}}", "x".repeat(31 * 1024 * 1024));
    let answer = ask(Method::POST, "/batch", Some(&long)).await;
    answer.assert_problem(422, "validation_failed");
    assert_eq!(faults(&answer), [fault("/unknown", "unknown_field")]);
    let too_long = " ".repeat(32 * 1024 * 1024 + 1);
    ask(Method::POST, "/batch", Some(&too_long)).await.assert_problem(413, "payload_too_large");
    ask(Method::POST, "", Some(&" ".repeat(256 * 1024 + 1))).await.assert_problem(413, "payload_too_large");
}

#[actix_web::test]
async fn the_depth_of_a_batch_is_counted_from_its_top() {
    let nested = |depth: usize| format!("{{\"operations\": {}{}}}", "[".repeat(depth), "]".repeat(depth));
    let answer = ask(Method::POST, "/batch", Some(&nested(32))).await;
    answer.assert_problem(400, "malformed_json");
    assert_ne!(ask(Method::POST, "/batch", Some(&nested(31))).await.status, 400);
}

#[actix_web::test]
async fn a_batch_holds_at_most_500_operations() {
    let operations = vec![json!({"op": "delete", "id": ID}); 501];
    let answer = ask(Method::POST, "/batch", Some(&json!({"operations": operations}).to_string())).await;
    answer.assert_problem(422, "validation_failed");
    assert_eq!(faults(&answer), [fault("/operations", "too_many")]);
}

#[actix_web::test]
async fn a_token_that_is_none_is_refused() {
    let answer = ask(Method::GET, "/changes?since=x", None).await;
    answer.assert_problem(422, "invalid_sync_token");
    assert_eq!(faults(&answer), [fault("/since", "invalid_sync_token")]);
    let answer = ask(Method::GET, "/changes?since=x&limit=0&page=2", None).await;
    answer.assert_problem(422, "validation_failed");
    assert_eq!(faults(&answer).len(), 3);
}

#[actix_web::test]
async fn a_label_is_renamed_to_a_label() {
    for (body, pointer, code) in [
        ("{}", "/label", "required"),
        (r#"{"label": null}"#, "/label", "required"),
        (r#"{"label": 5}"#, "/label", "wrong_type"),
        (r#"{"label": "Chess", "colour": "red"}"#, "/colour", "unknown_field"),
    ] {
        let answer = ask(Method::PATCH, "/labels/chess", Some(body)).await;
        answer.assert_problem(422, "validation_failed");
        assert_eq!(faults(&answer), [fault(pointer, code)], "{body}");
    }
}

#[actix_web::test]
async fn faults_of_labels_are_told_where_they_stand() {
    let body = json!({
        "first_name": "Emmy", "last_name": "Noether", "email": "emmy@example.com", "phone": "+49 551 390",
        "birthday": "1882-03-23", "labels": ["Algebra", 5, " ", null, "a\0"],
    });
    let answer = ask(Method::POST, "", Some(&body.to_string())).await;
    answer.assert_problem(422, "validation_failed");
    let mut faults = faults(&answer);
    faults.sort();
    let expected = [("1", "wrong_type"), ("2", "too_short"), ("3", "wrong_type"), ("4", "nul_character")];
    assert_eq!(faults, expected.map(|(index, code)| fault(&format!("/labels/{index}"), code)));
}
