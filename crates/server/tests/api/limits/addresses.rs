//! What one client address may ask, before anything is known of it.

use serde_json::json;

use super::{assert_too_many, from, limited};
use crate::harness::{Client, RawHttp, Setup};

/// Asks for something that takes a password, and is refused for its emptiness where it is looked at.
async fn tries(api: &Client, forwarded_for: &str) -> bool {
    let answer = from(forwarded_for, api.post("/auth/login", json!({}))).await;
    if answer.status == 429 {
        assert_too_many(&answer);
        return false;
    }
    answer.problem(422, "validation_failed");
    true
}

#[tokio::test]
async fn an_address_has_a_limit_of_its_own() {
    let app = limited(Setup::sqlite(), &[("RATE_LIMIT_AUTH", "3/h")]).start();
    let api = app.api();
    for _ in 0..3 {
        assert!(tries(&api, "203.0.113.7").await);
    }
    assert!(!tries(&api, "203.0.113.7").await);
    assert!(tries(&api, "203.0.113.8").await);
    // The limit is of all that takes a password or a mailed link together, and comes before the route.
    for path in ["/auth/register", "/auth/refresh", "/auth/password/forgot", "/auth/email/verify", "/auth/nowhere"] {
        assert_too_many(&from("203.0.113.7", api.post(path, json!({}))).await);
    }
    assert_too_many(&from("203.0.113.7", api.get("/auth/login")).await);
    // The pages of mailed links are among it. They say so to people, so that it is no problem to read.
    for page in ["/reset-password", "/verify-email"] {
        let request = format!("GET {page}?token=x");
        let status = |address: &str| RawHttp::request(&request, &[&format!("X-Forwarded-For: {address}")], b"");
        assert_eq!(status("203.0.113.7").status(app.origin()), Some(429), "{page}");
        assert_ne!(status("203.0.113.9").status(app.origin()), Some(429), "{page}");
    }
}

#[tokio::test]
async fn only_what_the_trusted_proxy_says_counts() {
    let app = limited(Setup::sqlite(), &[("RATE_LIMIT_AUTH", "2/h")]).start();
    let api = app.api();
    // Whatever a client invents stands to the left of what the proxy adds.
    for spoofed in ["198.51.100.1", "198.51.100.2"] {
        assert!(tries(&api, &format!("{spoofed}, 203.0.113.7")).await);
    }
    for spoofed in ["198.51.100.3, ", "10.0.0.1, 198.51.100.4,", "nonsense, ", ""] {
        assert!(!tries(&api, &format!("{spoofed}203.0.113.7")).await, "{spoofed}");
    }
    // Nobody pays for being named by somebody else.
    assert!(tries(&api, "198.51.100.1").await);
}

#[tokio::test]
async fn without_a_trusted_proxy_the_connection_counts() {
    let app = limited(Setup::sqlite(), &[("RATE_LIMIT_AUTH", "3/h"), ("TRUSTED_PROXIES", "0")]).start();
    let api = app.api();
    for address in ["203.0.113.1", "203.0.113.2", "203.0.113.3"] {
        assert!(tries(&api, address).await);
    }
    assert!(!tries(&api, "203.0.113.4").await);
    assert_too_many(&api.post("/auth/login", json!({})).await);
}

#[tokio::test]
async fn an_ipv6_client_is_its_64() {
    let app = limited(Setup::sqlite(), &[("RATE_LIMIT_AUTH", "2/h")]).start();
    let api = app.api();
    assert!(tries(&api, "2001:db8:1:2::1").await);
    assert!(tries(&api, "[2001:db8:1:2:ffff::9]:4711").await);
    assert!(!tries(&api, "2001:db8:1:2:abcd:1:2:3").await);
    assert!(tries(&api, "2001:db8:1:3::1").await);
    // An address of IPv4 that is written as one of IPv6 is no client more.
    assert!(tries(&api, "203.0.113.7").await);
    assert!(tries(&api, "::ffff:203.0.113.7").await);
    assert!(!tries(&api, "203.0.113.7").await);
}

#[tokio::test]
async fn a_wait_is_never_0_seconds() {
    // Another one is allowed after half a second: rounded down that would be nothing.
    let app = limited(Setup::sqlite(), &[("RATE_LIMIT_AUTH", "2/s")]).start();
    let api = app.api();
    let many = (0..100).map(|_| {
        let api = api.clone();
        tokio::spawn(async move { api.get("/auth/nowhere").await })
    });
    let mut refused = 0;
    for answer in many.collect::<Vec<_>>() {
        let answer = answer.await.unwrap();
        if answer.status == 429 {
            assert_too_many(&answer);
            refused += 1;
        }
    }
    assert!(refused > 0, "100 at once are too many");
}

#[tokio::test]
async fn the_rest_of_the_api_is_limited_apart_and_what_surrounds_it_not_at_all() {
    let app = limited(Setup::sqlite(), &[("RATE_LIMIT_AUTH", "1/h"), ("RATE_LIMIT_ADDRESS", "2/h")]).start();
    let api = app.api();
    assert!(tries(&api, "203.0.113.7").await);
    assert!(!tries(&api, "203.0.113.7").await);
    for path in ["/users/me", "/contacts"] {
        from("203.0.113.7", api.get(path)).await.problem(401, "unauthenticated");
    }
    for path in ["/users/me", "/contacts", "/nowhere"] {
        assert_too_many(&from("203.0.113.7", api.get(path)).await);
    }
    from("203.0.113.8", api.get("/contacts")).await.problem(401, "unauthenticated");
    for _ in 0..5 {
        for path in ["/healthz", "/readyz", "/docs", "/openapi.json", "/errors/rate_limited"] {
            from("203.0.113.7", app.root().get(path)).await.expect(200);
        }
        from("203.0.113.7", app.root().get("/media/avatars/x.png")).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn many_at_once_get_exactly_as_many_as_are_allowed() {
    let app = limited(Setup::sqlite(), &[("RATE_LIMIT_AUTH", "10/h")]).start();
    let api = app.api();
    let many = (0..60).map(|_| {
        let api = api.clone();
        tokio::spawn(async move { tries(&api, "203.0.113.7").await })
    });
    let mut allowed = 0;
    for attempt in many.collect::<Vec<_>>() {
        allowed += u32::from(attempt.await.unwrap());
    }
    assert_eq!(allowed, 10);
}

#[tokio::test]
async fn nothing_is_limited_where_limits_are_switched_off() {
    let setup = limited(Setup::sqlite(), &[("RATE_LIMIT_AUTH", "1/h"), ("RATE_LIMIT_CONTACTS", "1/h")]);
    let app = setup.env("RATE_LIMIT_ADDRESS", "1/h").env("RATE_LIMIT_ENABLED", "false").start();
    let user = app.register("user@example.com").await;
    for _ in 0..3 {
        assert!(tries(&app.api(), "203.0.113.7").await);
        assert_eq!(user.get("/contacts").await.expect(200).header("ratelimit"), "");
    }
}
