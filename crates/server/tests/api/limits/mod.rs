//! How often anybody may ask: a client address, a user, and whoever tries passwords.

mod addresses;
mod login;
mod refresh;
mod replicas;
mod users;

use reqwest::header::HeaderName;

use crate::harness::{Answer, Request, Setup};

/// What the only trusted proxy in front of the server says of its client.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Limits are on, and so high that no test meets those that it does not set. Rates by the hour, so that no
/// test is so slow that a bucket fills meanwhile.
fn limited(setup: Setup, limits: &[(&str, &str)]) -> Setup {
    let high = ["RATE_LIMIT_CONTACTS", "RATE_LIMIT_AUTH", "RATE_LIMIT_LOGIN", "RATE_LIMIT_ADDRESS"];
    let setup = setup.env("RATE_LIMIT_ENABLED", "true").env("TRUSTED_PROXIES", "1");
    let setup = high.iter().fold(setup, |setup, name| setup.env(name, "1000000/h"));
    limits.iter().fold(setup, |setup, (name, rate)| setup.env(name, rate))
}

/// The same request from this client address.
fn from(address: &str, request: Request) -> Request {
    request.header(FORWARDED_FOR, address)
}

/// Asserts that it was too much, and that it is said when it is not any more.
#[track_caller]
fn assert_too_many(answer: &Answer) {
    answer.problem(429, "rate_limited");
    let wait: u64 = answer.header("retry-after").parse().expect("whole seconds");
    assert!(wait >= 1, "{answer}");
}
