//! How a picture is sent.

use actix_web::{http::Method, test::TestRequest};
use contacts_domain::{avatar::MAX_UPLOAD_BYTES, ports::PipelineError};

use super::world::{Answer, World, by_ada, send};

const FORM: &str = "multipart/form-data; boundary=edge";

fn part(name: &str, content: &[u8]) -> Vec<u8> {
    let mut part =
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n").into_bytes();
    part.extend_from_slice(content);
    part.extend_from_slice(b"\r\n");
    part
}

fn form(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut form = parts.concat();
    form.extend_from_slice(b"--edge--\r\n");
    form
}

fn put(content_type: &'static str, body: Vec<u8>) -> TestRequest {
    by_ada(TestRequest::default().method(Method::PUT))
        .uri("/api/v1/users/me/avatar")
        .insert_header(("content-type", content_type))
        .set_payload(body)
}

/// Sends what never comes to be looked at.
async fn refused(content_type: &'static str, body: Vec<u8>) -> Answer {
    send(&World::new().service().await, put(content_type, body)).await
}

fn faults(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    answer.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (text(&fault["pointer"]), text(&fault["code"])))
        .collect()
}

fn fault(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

#[actix_web::test]
async fn the_file_is_looked_at_as_it_was_sent() {
    // Line breaks and what looks like an edge belong to the file.
    let picture = [b"\r\n--edg\r\n\r\n--".to_vec(), vec![0xff; 200_000], b"\r\n".to_vec()].concat();
    for (error, status, code) in [
        (PipelineError::Unsupported, 415, "unsupported_image"),
        (PipelineError::TooLarge, 422, "image_too_large"),
        (PipelineError::Busy, 503, "busy"),
    ] {
        let (expected, mut world) = (picture.clone(), World::new());
        world.pipeline.expect_process().times(1).return_once(move |upload| {
            assert!(upload == expected);
            Err(error)
        });
        let site = world.service().await;
        let answer = send(&site, put(FORM, form(&[part("file", &picture)]))).await;
        answer.assert_problem(status, code);
    }
}

#[actix_web::test]
async fn a_file_of_5_mib_is_looked_at_and_one_byte_more_is_too_large() {
    let mut world = World::new();
    world.pipeline.expect_process().times(1).return_once(|upload| {
        assert_eq!(upload.len(), MAX_UPLOAD_BYTES);
        Err(PipelineError::Unsupported)
    });
    let site = world.service().await;
    let mut file = vec![7; MAX_UPLOAD_BYTES];
    send(&site, put(FORM, form(&[part("file", &file)]))).await.assert_problem(415, "unsupported_image");
    file.push(7);
    send(&site, put(FORM, form(&[part("file", &file)]))).await.assert_problem(413, "payload_too_large");
}

#[actix_web::test]
async fn a_body_that_says_or_turns_out_to_be_too_large_is_refused() {
    let site = World::new().service().await;
    let announced = put("text/plain", Vec::new()).insert_header(("content-length", "99999999"));
    send(&site, announced).await.assert_problem(413, "payload_too_large");
    let hidden = form(&[part("other", &vec![7; MAX_UPLOAD_BYTES + 70_000])]);
    send(&site, put(FORM, hidden)).await.assert_problem(413, "payload_too_large");
}

#[actix_web::test]
async fn every_fault_of_the_form_is_told() {
    let answer = refused(FORM, form(&[])).await;
    answer.assert_problem(422, "validation_failed");
    assert_eq!(faults(&answer), [fault("/file", "required")]);

    let parts = [part("a/b", b"1"), part("file", b"2"), part("file", b"3")];
    let uri = "/api/v1/users/me/avatar?size=9";
    let answer = send(&World::new().service().await, put(FORM, form(&parts)).uri(uri)).await;
    answer.assert_problem(422, "validation_failed");
    assert_eq!(
        faults(&answer),
        [fault("/size", "unknown_parameter"), fault("/a~1b", "unknown_field"), fault("/file", "too_many")]
    );
}

#[actix_web::test]
async fn what_is_no_form_with_files_is_refused() {
    for content_type in ["application/json", "image/png", "application/x-www-form-urlencoded", "multipart/mixed"] {
        refused(content_type, form(&[part("file", b"1")])).await.assert_problem(415, "unsupported_media_type");
    }
}

#[actix_web::test]
async fn a_broken_form_is_refused() {
    let nameless = b"--edge\r\nContent-Disposition: form-data\r\n\r\n1\r\n--edge--\r\n".to_vec();
    let crowd: Vec<_> = (0..100).map(|number| part(&number.to_string(), b"")).collect();
    for (content_type, body) in [
        ("multipart/form-data", form(&[part("file", b"1")])),
        (FORM, part("file", b"1")),
        (FORM, b"nothing".to_vec()),
        (FORM, Vec::new()),
        (FORM, nameless),
        (FORM, form(&crowd)),
    ] {
        refused(content_type, body).await.assert_problem(400, "malformed_multipart");
    }
}

#[actix_web::test]
async fn a_picture_is_put_and_deleted_by_its_user_alone() {
    let site = World::new().service().await;
    let uri = "/api/v1/users/me/avatar";
    for method in [Method::PUT, Method::DELETE] {
        let nobody = TestRequest::default().method(method).uri(uri);
        send(&site, nobody).await.assert_problem(401, "unauthenticated");
    }
    let answer = send(&site, by_ada(TestRequest::get()).uri(uri)).await;
    answer.assert_problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), Some("PUT, DELETE"));
}
