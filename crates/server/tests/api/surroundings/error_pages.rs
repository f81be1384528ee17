//! `/errors/{code}`: what the `type` of a problem leads to.

use reqwest::Url;

use crate::harness::Setup;

/// Codes are part of the API: none of them may go.
const PROBLEMS: [&str; 14] = [
    "malformed_json",
    "unsupported_media_type",
    "payload_too_large",
    "not_found",
    "method_not_allowed",
    "unauthenticated",
    "invalid_token",
    "invalid_credentials",
    "validation_failed",
    "invalid_cursor",
    "email_taken",
    "unavailable",
    "internal",
    "unknown_field",
];

const FAULTS: [&str; 24] = [
    "required",
    "wrong_type",
    "unknown_field",
    "nul_character",
    "control_character",
    "too_short",
    "too_long",
    "too_many",
    "out_of_range",
    "invalid_email",
    "invalid_phone",
    "invalid_birthday",
    "birthday_in_future",
    "invalid_date",
    "invalid_time_zone",
    "invalid_language",
    "invalid_leap_day_rule",
    "invalid_phone_region",
    "common_password",
    "invalid_sort",
    "invalid_cursor",
    "invalid_encoding",
    "repeated_parameter",
    "unknown_parameter",
];

#[tokio::test]
async fn every_code_is_explained() {
    let app = Setup::sqlite().start();
    for code in PROBLEMS.iter().chain(&FAULTS) {
        let page = app.root().get(&format!("/errors/{code}")).await.expect(200);
        assert!(page.text().contains(code), "{page}");
    }
    for code in ["nonsense", "Not_found", "not_found%00", "..", "<script>"] {
        app.root().get(&format!("/errors/{code}")).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_its_explanation() {
    let app = Setup::sqlite().start();
    let problem = app.api().get("/contacts").await.problem(401, "unauthenticated");
    let link = Url::parse(problem["type"].as_str().unwrap()).unwrap();
    assert_eq!(link.origin(), app.origin().origin());
    app.root().get(link.path()).await.expect(200);

    let public = Setup::sqlite().env("PUBLIC_URL", "https://contacts.example.com").start();
    let problem = public.api().get("/contacts").await.problem(401, "unauthenticated");
    assert_eq!(problem["type"], "https://contacts.example.com/errors/unauthenticated");
}
