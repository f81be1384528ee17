//! What one user may ask of the routes to contacts.

use reqwest::Method;
use serde_json::json;

use super::{assert_too_many, limited};
use crate::harness::{Answer, Client, Setup, ada, on_both_databases};

on_both_databases!(
    every_answer_says_what_is_left,
    after_the_burst_a_request_is_refused_whatever_it_is,
    one_user_takes_nothing_from_another,
    what_is_no_contact_is_not_counted_for_its_user,
);

const MISSING: &str = "/contacts/0193f3a4-7d6b-7000-8000-000000000000";

/// The number that stands in a header for this parameter.
#[track_caller]
fn parameter(answer: &Answer, header: &str, name: &str) -> u64 {
    let value = answer.header(header);
    let mut parameters = value.split(';');
    assert_eq!(parameters.next(), Some("\"contacts\""), "{header}: {value}");
    let found = parameters.find_map(|parameter| parameter.strip_prefix(name)?.strip_prefix('='));
    found.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no {name} in {header}: {value}"))
}

async fn every_answer_says_what_is_left(setup: Setup) {
    let app = limited(setup, &[("RATE_LIMIT_CONTACTS", "20/h")]).start();
    let user = app.register("user@example.com").await;
    let created = user.post("/contacts", ada()).await.expect(201);
    let path = format!("/contacts/{}", created.json()["id"].as_str().unwrap());
    let answers = [
        created,
        user.get("/contacts").await.expect(200),
        user.head("/contacts").await.expect(200),
        user.get("/contacts/birthdays").await.expect(200),
        user.get(&path).await.expect(200),
        user.patch(&path, json!({"last_name": "King"})).await.expect(200),
        user.delete(&path).await.expect(204),
        user.get(&path).await.expect(404),
        user.get("/contacts/not-an-id/nowhere").await.expect(404),
        user.delete("/contacts").await.expect(405),
        user.post("/contacts", json!({})).await.expect(422),
        user.get("/contacts?limit=0").await.expect(422),
        user.request(Method::POST, "/contacts").body("application/json", "{").await.expect(400),
        user.request(Method::POST, "/contacts").body("text/plain", "{}").await.expect(415),
        user.request(Method::POST, "/contacts").body("application/json", vec![b' '; 300_000]).await.expect(413),
    ];
    for (taken, answer) in (1..).zip(&answers) {
        assert_eq!(parameter(answer, "ratelimit-policy", "q"), 20, "{answer}");
        assert_eq!(parameter(answer, "ratelimit-policy", "w"), 3600, "{answer}");
        assert_eq!(parameter(answer, "ratelimit", "r"), 20 - taken, "{answer}");
        let full_in = parameter(answer, "ratelimit", "t");
        // An interval is three minutes; so many requests do not take one.
        assert!((180 * (taken - 1) + 1..=180 * taken).contains(&full_in), "{taken}: {answer}");
        assert_eq!(answer.header("retry-after"), "", "{answer}");
    }
}

async fn after_the_burst_a_request_is_refused_whatever_it_is(setup: Setup) {
    let app = limited(setup, &[("RATE_LIMIT_CONTACTS", "3/h")]).start();
    let user = app.register("user@example.com").await;
    for _ in 0..3 {
        user.get("/contacts").await.expect(200);
    }
    let refused = [
        user.get("/contacts").await,
        user.post("/contacts", ada()).await,
        user.get(MISSING).await,
        user.get("/contacts/not-an-id/nowhere").await,
        user.delete("/contacts").await,
        user.post("/contacts", json!({})).await,
        user.request(Method::POST, "/contacts").body("text/plain", "{}").await,
        user.request(Method::POST, "/contacts").body("application/json", "{").await,
        user.request(Method::POST, "/contacts").body("application/json", vec![b' '; 300_000]).await,
    ];
    for answer in &refused {
        assert_too_many(answer);
        assert_eq!(parameter(answer, "ratelimit", "r"), 0, "{answer}");
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        assert!(wait <= 1200, "three an hour is one in twenty minutes: {answer}");
    }
    // Whoever has no token is told that first: there is nobody to count for.
    app.api().get("/contacts").await.problem(401, "unauthenticated");
}

async fn one_user_takes_nothing_from_another(setup: Setup) {
    let app = limited(setup, &[("RATE_LIMIT_CONTACTS", "2/h")]).start();
    let (busy, quiet) = (app.register("busy@example.com").await, app.register("quiet@example.com").await);
    for _ in 0..2 {
        busy.get("/contacts").await.expect(200);
    }
    assert_too_many(&busy.get("/contacts").await);
    // Another session of the same user is the same user.
    assert_too_many(&app.api().logged_in("busy@example.com").await.get("/contacts").await);
    assert_eq!(parameter(&quiet.get("/contacts").await.expect(200), "ratelimit", "r"), 1);
}

async fn what_is_no_contact_is_not_counted_for_its_user(setup: Setup) {
    let app = limited(setup, &[("RATE_LIMIT_CONTACTS", "1/h")]).start();
    let user: Client = app.register("user@example.com").await;
    for _ in 0..3 {
        let me = user.get("/users/me").await.expect(200);
        assert_eq!((me.header("ratelimit"), me.header("ratelimit-policy")), ("", ""), "{me}");
    }
    user.get("/contacts").await.expect(200);
    assert_too_many(&user.get("/contacts").await);
    user.get("/users/me").await.expect(200);
}
