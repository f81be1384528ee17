//! What browsers and caches are told of every answer.

use actix_web::test::TestRequest;
use contacts_domain::avatar::{AvatarFormat, AvatarImage};

use super::world::{World, by_ada, send};

#[actix_web::test]
async fn every_answer_tells_browsers_to_make_nothing_more_of_it() {
    let site = World::new().service().await;
    for (uri, status) in [
        ("/healthz", 200),
        ("/nowhere", 404),
        ("/api/v1/users/me", 200),
        ("/api/v1/contacts?unknown=1", 422),
        ("/api/v1/auth/login", 405),
        ("/openapi.json", 200),
    ] {
        let answer = send(&site, by_ada(TestRequest::get()).uri(uri)).await;
        assert_eq!(answer.status, status, "{uri}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-resource-policy", "same-origin"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{uri} {name}");
        }
        let kept_by_no_cache = uri.starts_with("/api/v1").then_some("no-store");
        assert_eq!(answer.header("cache-control"), kept_by_no_cache, "{uri}");
        assert_eq!(answer.header("strict-transport-security"), None);
    }
}

#[actix_web::test]
async fn pages_keep_the_policy_that_lets_them_work() {
    let site = World::new().service().await;
    let docs = send(&site, TestRequest::get().uri("/docs")).await;
    let policy = docs.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    let explained = TestRequest::get().uri("/errors/not_found").insert_header(("accept", "text/html"));
    let policy = send(&site, explained).await;
    let policy = policy.header("content-security-policy").unwrap();
    assert!(policy.contains("style-src 'unsafe-inline'") && policy.contains("frame-ancestors 'none'"), "{policy}");
}

#[actix_web::test]
async fn tls_is_insisted_on_where_it_is_used() {
    let mut world = World::new();
    world.settings.public_url = "https://contacts.example.com".into();
    let site = world.service().await;
    for uri in ["/healthz", "/nowhere"] {
        let answer = send(&site, TestRequest::get().uri(uri)).await;
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=63072000"), "{uri}");
    }
}

#[actix_web::test]
async fn a_picture_is_shown_on_every_page_and_kept_for_ever() {
    let mut world = World::new();
    world.media.expect_read().returning(|name| {
        let image = AvatarImage { format: AvatarFormat::Png, bytes: b"pixels".to_vec() };
        Ok((name == "a.png").then_some(image))
    });
    let site = world.service().await;
    let answer = send(&site, TestRequest::get().uri("/media/avatars/a.png")).await;
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"pixels".as_slice()));
    for (name, value) in [
        ("content-type", "image/png"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("content-disposition", "inline"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let head = TestRequest::default().method(actix_web::http::Method::HEAD).uri("/media/avatars/a.png");
    assert_eq!(send(&site, head).await.status, 200);
    send(&site, TestRequest::get().uri("/media/avatars/b.png")).await.assert_problem(404, "not_found");
    send(&site, TestRequest::get().uri("/media/a.png")).await.assert_problem(404, "not_found");
    send(&site, TestRequest::put().uri("/media/avatars/a.png")).await.assert_problem(405, "method_not_allowed");
}
