//! Trying passwords. The throttle is tight for one address at one account, and wider for all addresses
//! together that never logged in to it.

use serde_json::{Value, json};

use super::{assert_too_many, from, limited};
use crate::harness::{Answer, App, Client, PASSWORD, Setup, on_both_databases};

on_both_databases!(
    after_five_wrong_passwords_even_the_right_one_has_to_wait,
    a_throttle_is_of_one_account_however_it_is_written,
    an_unknown_account_is_throttled_alike,
    a_right_password_takes_nothing,
    many_addresses_together_are_throttled_and_the_owner_is_not,
    guesses_at_once_are_counted_each,
);

const EMAIL: &str = "ada@example.com";
const HOME: &str = "203.0.113.7";

/// Five attempts at an account from an address; twenty from all strangers together.
fn start(setup: Setup) -> App {
    limited(setup, &[("RATE_LIMIT_LOGIN", "5/h")]).start()
}

async fn registered(app: &App) -> Client {
    app.api().register(EMAIL, json!({})).await.expect(201);
    app.api()
}

async fn after_five_wrong_passwords_even_the_right_one_has_to_wait(setup: Setup) {
    let app = start(setup);
    let api = registered(&app).await;
    for _ in 0..5 {
        from(HOME, api.log_in(EMAIL, "wrong")).await.problem(401, "invalid_credentials");
    }
    assert_too_many(&from(HOME, api.log_in(EMAIL, "wrong")).await);
    assert_too_many(&from(HOME, api.log_in(EMAIL, PASSWORD)).await);
    let form = [("username", EMAIL), ("password", PASSWORD)];
    assert_too_many(&from(HOME, api.request(reqwest::Method::POST, "/auth/login").form(&form)).await);
    // Somewhere else, and as somebody else, nothing was tried yet.
    from("203.0.113.8", api.log_in(EMAIL, PASSWORD)).await.expect(200);
    api.register("brian@example.com", json!({})).await.expect(201);
    from(HOME, api.log_in("brian@example.com", PASSWORD)).await.expect(200);
}

async fn a_throttle_is_of_one_account_however_it_is_written(setup: Setup) {
    let app = start(setup);
    let api = registered(&app).await;
    for email in [EMAIL, "ADA@EXAMPLE.COM", " ada@example.com ", "Ada@example.com", "aDa@Example.Com"] {
        from(HOME, api.log_in(email, "wrong")).await.problem(401, "invalid_credentials");
    }
    assert_too_many(&from(HOME, api.log_in(EMAIL, "wrong")).await);
    assert_too_many(&from(HOME, api.log_in("ada@EXAMPLE.com", "wrong")).await);
}

async fn an_unknown_account_is_throttled_alike(setup: Setup) {
    let app = start(setup);
    let api = registered(&app).await;
    /// All of an answer that does not depend on time.
    fn seen(answer: &Answer) -> (u16, Value) {
        let mut problem = answer.json();
        problem["request_id"] = Value::Null;
        (answer.status, problem)
    }
    // From many addresses, so that both throttles are met.
    for address in 0..6 {
        let address = format!("198.51.100.{address}");
        for _ in 0..6 {
            let known = from(&address, api.log_in(EMAIL, "wrong")).await;
            let unknown = from(&address, api.log_in("nobody@example.com", "wrong")).await;
            assert_eq!(seen(&known), seen(&unknown));
        }
    }
    assert_too_many(&from("198.51.100.99", api.log_in("nobody@example.com", "wrong")).await);
}

async fn a_right_password_takes_nothing(setup: Setup) {
    let app = start(setup);
    let api = registered(&app).await;
    for _ in 0..4 {
        from(HOME, api.log_in(EMAIL, "wrong")).await.problem(401, "invalid_credentials");
    }
    for _ in 0..8 {
        from(HOME, api.log_in(EMAIL, PASSWORD)).await.expect(200);
    }
    // Nor does it forgive what was wrong before.
    from(HOME, api.log_in(EMAIL, "wrong")).await.problem(401, "invalid_credentials");
    assert_too_many(&from(HOME, api.log_in(EMAIL, PASSWORD)).await);
}

async fn many_addresses_together_are_throttled_and_the_owner_is_not(setup: Setup) {
    let app = start(setup);
    let api = registered(&app).await;
    from(HOME, api.log_in(EMAIL, PASSWORD)).await.expect(200);
    let mut guesses = 0;
    'guessing: for address in 0..30 {
        for _ in 0..5 {
            let answer = from(&format!("198.51.100.{address}"), api.log_in(EMAIL, "wrong")).await;
            if answer.status == 429 {
                assert_too_many(&answer);
                break 'guessing;
            }
            answer.problem(401, "invalid_credentials");
            guesses += 1;
        }
    }
    assert_eq!(guesses, 20, "four times as many as one address may");
    // A stranger to the account has to wait now, whatever the password.
    assert_too_many(&from("192.0.2.1", api.log_in(EMAIL, PASSWORD)).await);
    // The owner has not, where the owner was before; and yet cannot guess there either.
    from(HOME, api.log_in(EMAIL, PASSWORD)).await.expect(200);
    for _ in 0..5 {
        from(HOME, api.log_in(EMAIL, "wrong")).await.problem(401, "invalid_credentials");
    }
    assert_too_many(&from(HOME, api.log_in(EMAIL, PASSWORD)).await);
}

async fn guesses_at_once_are_counted_each(setup: Setup) {
    let app = start(setup);
    let api = registered(&app).await;
    let attempts = (0..30).map(|_| {
        let api = api.clone();
        tokio::spawn(async move { from(HOME, api.log_in(EMAIL, "wrong")).await })
    });
    let mut looked_at = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        let answer = attempt.await.unwrap();
        match answer.status {
            401 => looked_at += 1,
            _ => assert_too_many(&answer),
        }
    }
    assert_eq!(looked_at, 5);
}
