//! Bodies of other kinds than JSON.

use reqwest::{Method, header::CONTENT_ENCODING};

use super::assert_nothing_stored;
use crate::harness::{App, ada, on_both_databases};

on_both_databases!(a_body_of_another_kind_is_refused, a_body_that_is_compressed_is_refused);

async fn a_body_of_another_kind_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    let missing = "/contacts/0193f3a4-7d6b-7000-8000-000000000000";
    let media_types = [
        "text/plain",
        "text/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/jsonp",
        "application",
        "*/*",
        "",
        ", application/json",
    ];
    for media_type in media_types {
        for (method, path) in [
            (Method::POST, "/contacts"),
            (Method::PUT, missing),
            (Method::PATCH, missing),
            (Method::PATCH, "/users/me"),
            (Method::POST, "/auth/register"),
            (Method::POST, "/auth/refresh"),
        ] {
            let request = user.request(method, path).body(media_type, ada().to_string());
            request.await.problem(415, "unsupported_media_type");
        }
    }
    // A patch is for patching.
    for (method, path) in [(Method::POST, "/contacts"), (Method::PUT, missing)] {
        let request = user.request(method, path).body("application/merge-patch+json", ada().to_string());
        request.await.problem(415, "unsupported_media_type");
    }
    let untyped = user.request(Method::POST, "/contacts").body_without_type(ada().to_string());
    untyped.await.problem(415, "unsupported_media_type");
    // Nor is nothing at all JSON.
    user.request(Method::POST, "/contacts").await.problem(415, "unsupported_media_type");
    assert_nothing_stored(&user).await;
}

async fn a_body_that_is_compressed_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    let json = |method, path: &str| user.request(method, path).body("application/json", ada().to_string());
    let form = |path: &str| user.request(Method::POST, path).form(&[("username", "a"), ("password", "b")]);
    for coding in ["gzip", "br", "identity, deflate", "x"] {
        for request in [
            json(Method::POST, "/contacts"),
            json(Method::PATCH, "/users/me"),
            json(Method::POST, "/auth/login"),
            form("/auth/login"),
            user.put_avatar(b"not looked at"),
        ] {
            let answer = request.header(CONTENT_ENCODING, coding).await;
            assert_eq!(answer.header("accept-encoding"), "identity", "{answer}");
            let problem = answer.problem(415, "unsupported_media_type");
            assert!(problem["detail"].as_str().unwrap().contains("not compressed"), "{problem}");
        }
    }
    assert_nothing_stored(&user).await;
    json(Method::POST, "/contacts").header(CONTENT_ENCODING, "identity").await.expect(201);
}
