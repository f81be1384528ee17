//! Both limits: of a client's address, and of a user.

use actix_web::test::TestRequest;
use contacts_domain::ports::MockTokenCodec;

use super::world::{Site, World, by_ada, claims, limit, send};
use crate::state::AddressLimits;

const NO_CONTACT: &str = "/api/v1/contacts/0193f3a4-7d6b-7000-8000-000000000000?unknown=1";

fn limited_users(burst: u32) -> World {
    World { limit: Some(limit(burst)), ..World::new() }
}

fn limited_addresses(auth: u32, contacts: u32) -> World {
    let mut world = World::new();
    world.settings.limits = Some(AddressLimits { auth: limit(auth), contacts: limit(contacts) });
    world
}

fn from(address: &'static str, request: TestRequest) -> TestRequest {
    request.insert_header(("x-forwarded-for", address))
}

#[actix_web::test]
async fn every_answer_to_a_user_says_what_is_left() {
    let site = limited_users(5).service().await;
    for (left, method, uri, status) in [
        (4, TestRequest::get(), NO_CONTACT, 422),
        (3, TestRequest::post(), "/api/v1/contacts", 415),
        (2, TestRequest::delete(), "/api/v1/contacts", 405),
        (1, TestRequest::get(), "/api/v1/contacts/x/nowhere", 404),
        (0, TestRequest::get(), "/api/v1/contacts/", 404),
    ] {
        let answer = send(&site, by_ada(method).uri(uri)).await;
        assert_eq!(answer.status, status, "{uri}");
        assert_eq!(answer.header("ratelimit-policy"), Some("\"contacts\";q=5;w=50"), "{uri}");
        let expected = format!("\"contacts\";r={left};t={}", (5 - left) * 10);
        assert_eq!(answer.header("ratelimit"), Some(expected.as_str()), "{uri}");
    }
}

#[actix_web::test]
async fn too_many_requests_of_a_user_are_refused_before_anything_else_is_looked_at() {
    let site = limited_users(1).service().await;
    send(&site, by_ada(TestRequest::get()).uri(NO_CONTACT)).await.assert_problem(422, "validation_failed");
    let huge = vec![b' '; 300_000];
    for (method, uri) in [
        (TestRequest::get(), NO_CONTACT),
        (TestRequest::post().set_payload(huge), "/api/v1/contacts"),
        (TestRequest::delete(), "/api/v1/contacts"),
        (TestRequest::get(), "/api/v1/contacts/x/nowhere"),
    ] {
        let answer = send(&site, by_ada(method).uri(uri)).await;
        answer.assert_problem(429, "rate_limited");
        assert_eq!(answer.header("retry-after"), Some("10"));
        assert_eq!(answer.header("ratelimit"), Some("\"contacts\";r=0;t=10"));
    }
    let elsewhere = send(&site, by_ada(TestRequest::get()).uri("/api/v1/users/me")).await;
    assert_eq!((elsewhere.status, elsewhere.header("ratelimit")), (200, None));
}

#[actix_web::test]
async fn a_request_of_nobody_counts_for_nobody() {
    let site = limited_users(1).service().await;
    for _ in 0..3 {
        let nobody = send(&site, TestRequest::get().uri(NO_CONTACT)).await;
        nobody.assert_problem(401, "unauthenticated");
        assert_eq!(nobody.header("ratelimit"), None);
        let stranger = TestRequest::get().uri(NO_CONTACT).insert_header(("authorization", "Bearer stranger"));
        send(&site, stranger).await.assert_problem(401, "invalid_token");
    }
    send(&site, by_ada(TestRequest::get()).uri(NO_CONTACT)).await.assert_problem(422, "validation_failed");
}

#[actix_web::test]
async fn a_token_is_verified_once_a_request() {
    for (token, status) in [("ada", 422), ("stranger", 401)] {
        let mut tokens = MockTokenCodec::new();
        tokens.expect_verify_access().times(1).returning(|token, _| claims(token));
        let site = World { limit: Some(limit(1)), ..World::verifying(tokens) }.service().await;
        let request = TestRequest::get().uri(NO_CONTACT).insert_header(("authorization", format!("Bearer {token}")));
        assert_eq!(send(&site, request).await.status, status);
    }
}

#[actix_web::test]
async fn without_a_limit_nothing_is_said_of_one() {
    let site = World::new().service().await;
    let answer = send(&site, by_ada(TestRequest::get()).uri(NO_CONTACT)).await;
    assert_eq!((answer.header("ratelimit"), answer.header("ratelimit-policy")), (None, None));
}

#[actix_web::test]
async fn each_address_has_its_own_bucket_and_ipv6_one_for_each_64() {
    let site = limited_addresses(2, 100).service().await;
    let login = |address| from(address, TestRequest::post().uri("/api/v1/auth/login"));
    for address in ["203.0.113.7", "2001:db8:1:2::1"] {
        for _ in 0..2 {
            send(&site, login(address)).await.assert_problem(415, "unsupported_media_type");
        }
    }
    for address in ["203.0.113.7", "2001:db8:1:2:ffff::9"] {
        let refused = send(&site, login(address)).await;
        refused.assert_problem(429, "rate_limited");
        let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=10).contains(&wait), "{wait}");
        assert_eq!(refused.header("x-ratelimit-after"), None);
    }
    send(&site, login("203.0.113.8")).await.assert_problem(415, "unsupported_media_type");
    send(&site, login("2001:db8:1:3::1")).await.assert_problem(415, "unsupported_media_type");
}

#[actix_web::test]
async fn a_path_that_is_written_in_another_way_takes_from_the_same_bucket() {
    let site = limited_addresses(1, 100).service().await;
    let login = |path: &str| from("203.0.113.7", TestRequest::post().uri(path));
    send(&site, login("/api/v1/auth/login")).await.assert_problem(415, "unsupported_media_type");
    send(&site, login("/api/v1/%61uth/login")).await.assert_problem(429, "rate_limited");
    send(&site, login("/api/v1/auth/nowhere")).await.assert_problem(429, "rate_limited");
    send(&site, login("/api/v1/users/me/delete")).await.assert_problem(429, "rate_limited");
}

#[actix_web::test]
async fn the_rest_of_the_api_is_limited_apart_and_what_surrounds_it_not_at_all() {
    let site = limited_addresses(1, 2).service().await;
    let get = |path: &str| from("203.0.113.7", by_ada(TestRequest::get()).uri(path));
    assert_eq!(send(&site, get("/api/v1/users/me")).await.status, 200);
    assert_eq!(send(&site, get("/api/v1/contacts?unknown=1")).await.status, 422);
    for path in ["/api/v1/users/me", "/api/v1/contacts", "/api/v1/nowhere"] {
        send(&site, get(path)).await.assert_problem(429, "rate_limited");
    }
    send(&site, from("203.0.113.7", TestRequest::post().uri("/api/v1/auth/login")))
        .await
        .assert_problem(415, "unsupported_media_type");
    for path in ["/healthz", "/readyz", "/docs", "/openapi.json", "/errors/not_found"] {
        assert_eq!(send(&site, get(path)).await.status, 200, "{path}");
    }
}

#[actix_web::test]
async fn workers_share_the_buckets() {
    let shared = limited_addresses(1, 1).shared();
    let (one, other) = (Site::new(&shared).await, Site::new(&shared).await);
    let get = || from("203.0.113.7", by_ada(TestRequest::get()).uri("/api/v1/users/me"));
    assert_eq!(send(&one, get()).await.status, 200);
    send(&other, get()).await.assert_problem(429, "rate_limited");
}
