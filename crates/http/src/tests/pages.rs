//! The pages for people refuse as pages, whoever refuses.

use actix_web::{http::Method, test::TestRequest};

use super::world::{World, limit, send};
use crate::{pages, state::AddressLimits};

#[actix_web::test]
async fn a_method_that_does_not_apply_is_refused_with_a_page() {
    let site = World::new().service().await;
    for path in pages::PATHS {
        let answer = send(&site, TestRequest::with_uri(path).method(Method::DELETE)).await;
        assert_eq!(answer.status, 405);
        assert_eq!(answer.header("allow"), Some("GET, HEAD, POST"));
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(answer.body.starts_with(b"<!doctype html>"));
    }
}

#[actix_web::test]
async fn whoever_comes_too_often_is_refused_with_a_page() {
    let mut world = World::new();
    world.settings.limits = Some(AddressLimits { auth: limit(1), contacts: limit(1) });
    let site = world.service().await;
    let [first, second] = [
        send(&site, TestRequest::with_uri("/verify-email?token=t")).await,
        send(&site, TestRequest::with_uri("/verify-email?token=t")).await,
    ];
    assert_eq!((first.status, second.status), (200, 429));
    assert_eq!(second.header("content-type"), Some("text/html; charset=utf-8"));
    assert_ne!(second.header("retry-after"), None);
}
