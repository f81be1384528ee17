//! What pages of other origins may do.

use actix_web::{http::Method, test::TestRequest};

use super::world::{Answer, ORIGIN, World, by_ada, limit, send};
use crate::state::AddressLimits;

fn world() -> World {
    let mut world = World::new();
    world.settings.cors_origins = vec![ORIGIN.to_owned()];
    world
}

fn preflight(origin: &'static str, method: &'static str, headers: &'static str) -> TestRequest {
    TestRequest::default()
        .method(Method::OPTIONS)
        .uri("/api/v1/contacts")
        .insert_header(("origin", origin))
        .insert_header(("access-control-request-method", method))
        .insert_header(("access-control-request-headers", headers))
}

fn names(answer: &Answer, header: &str) -> Vec<String> {
    let mut names: Vec<_> =
        answer.header(header).unwrap().split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
    names.sort();
    names
}

#[actix_web::test]
async fn a_listed_origin_may_send_what_the_api_understands() {
    let site = world().service().await;
    let all = "authorization,content-type,if-match,if-none-match,idempotency-key,prefer,x-request-id";
    for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] {
        let answer = send(&site, preflight(ORIGIN, method, all)).await;
        assert_eq!(answer.status, 200, "{method}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN));
        assert_eq!(answer.header("access-control-max-age"), Some("600"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert_eq!(names(&answer, "access-control-allow-headers").len(), 7);
        assert_eq!(names(&answer, "access-control-allow-methods"), ["delete", "get", "head", "patch", "post", "put"]);
        assert!(answer.header("vary").unwrap().contains("Origin"));
    }
}

#[actix_web::test]
async fn a_refused_preflight_is_a_problem() {
    let site = world().service().await;
    for (origin, method, headers) in [
        ("https://evil.example", "GET", "authorization"),
        ("https://app.example.com.evil.example", "GET", "authorization"),
        ("http://app.example.com", "GET", "authorization"),
        ("null", "GET", "authorization"),
        (ORIGIN, "TRACE", "authorization"),
        (ORIGIN, "GET", "x-anything"),
    ] {
        let answer = send(&site, preflight(origin, method, headers)).await;
        answer.assert_problem(403, "cors_refused");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin} {method} {headers}");
    }
}

#[actix_web::test]
async fn a_page_may_read_refusals_too_and_the_headers_that_matter() {
    let mut world = World { limit: Some(limit(3)), ..world() };
    world.settings.limits = Some(AddressLimits { auth: limit(1), contacts: limit(100) });
    let site = world.service().await;
    let too_large = || TestRequest::post().set_payload(vec![b' '; 300_000]);
    for (request, uri, status) in [
        (TestRequest::get(), "/api/v1/contacts", 401),
        (by_ada(TestRequest::get()), "/api/v1/contacts/x/nowhere", 404),
        (by_ada(too_large()), "/api/v1/contacts", 413),
        (by_ada(TestRequest::delete()), "/api/v1/users/me/avatar", 503),
        (by_ada(TestRequest::patch()), "/api/v1/contacts", 405),
        (by_ada(TestRequest::get()), "/api/v1/contacts", 429),
        (too_large(), "/api/v1/auth/login", 413),
        (too_large(), "/api/v1/auth/login", 429),
    ] {
        let answer = send(&site, request.uri(uri).insert_header(("origin", ORIGIN))).await;
        answer.assert_problem(status, answer.json()["code"].as_str().unwrap());
        assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN), "{status} {uri}");
        assert_eq!(
            names(&answer, "access-control-expose-headers"),
            [
                "etag",
                "idempotency-replayed",
                "link",
                "location",
                "ratelimit",
                "ratelimit-policy",
                "retry-after",
                "x-request-id"
            ]
        );
        assert!(answer.header("vary").unwrap().contains("Origin"), "{status} {uri}");
    }
}

#[actix_web::test]
async fn a_plain_request_of_a_foreign_origin_is_answered_but_not_to_its_page() {
    let site = world().service().await;
    let request = by_ada(TestRequest::get()).uri("/api/v1/users/me").insert_header(("origin", "https://evil.example"));
    let answer = send(&site, request).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None));
    assert!(answer.header("vary").unwrap().contains("Origin"));
}

#[actix_web::test]
async fn preflights_are_not_counted() {
    let mut world = world();
    world.settings.limits = Some(AddressLimits { auth: limit(1), contacts: limit(1) });
    let site = world.service().await;
    for _ in 0..3 {
        assert_eq!(send(&site, preflight(ORIGIN, "GET", "authorization")).await.status, 200);
    }
    assert_eq!(send(&site, by_ada(TestRequest::get()).uri("/api/v1/users/me")).await.status, 200);
}

#[actix_web::test]
async fn without_a_listed_origin_there_is_no_cors() {
    let site = World::new().service().await;
    let answer = send(&site, preflight(ORIGIN, "GET", "authorization")).await;
    answer.assert_problem(405, "method_not_allowed");
    assert_eq!((answer.header("vary"), answer.header("access-control-allow-origin")), (None, None));
}
