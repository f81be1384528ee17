//! `POST /auth/register`

use std::collections::BTreeSet;

use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::{Value, json};

use crate::harness::{App, PASSWORD, faults, on_both_databases};

on_both_databases!(
    a_registration_answers_with_the_user,
    a_registration_takes_the_whole_profile,
    the_language_follows_accept_language,
    an_address_is_taken_whatever_its_case,
    all_faults_are_reported_together,
    passwords_that_are_easily_guessed_are_refused,
    a_long_password_counts_to_its_last_character,
);

async fn a_registration_answers_with_the_user(app: App) {
    let answer = app.api().register("Ada@Example.com", json!({})).await.expect(201);
    assert_eq!(answer.header("location"), "/api/v1/users/me");
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(!answer.text().contains(PASSWORD) && !answer.text().contains("$2"), "{answer}");

    let user = answer.json();
    let members: BTreeSet<_> = user.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "id",
        "email",
        "name",
        "email_verified",
        "avatar_url",
        "language",
        "time_zone",
        "leap_day_rule",
        "phone_region",
        "created_at",
        "updated_at",
    ];
    assert_eq!(members, BTreeSet::from(expected));
    assert_eq!(user["email"], "Ada@Example.com", "an address is kept as it is written");
    let defaults = json!({
        "name": null,
        "email_verified": false,
        "avatar_url": null,
        "language": "en",
        "time_zone": "UTC",
        "leap_day_rule": "feb28",
        "phone_region": null,
    });
    for (member, value) in defaults.as_object().unwrap() {
        assert_eq!(&user[member], value, "{member}");
    }
    assert_eq!(user["created_at"], user["updated_at"]);
    let created_at = user["created_at"].as_str().unwrap();
    assert!(created_at.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(created_at).is_ok(), "{created_at}");

    let ada = app.api().logged_in("Ada@Example.com").await;
    assert_eq!(ada.get("/users/me").await.expect(200).json(), user);
}

async fn a_registration_takes_the_whole_profile(app: App) {
    let profile = json!({
        "name": "  Żółta Łódź  ",
        "language": "pl",
        "time_zone": "Europe/Warsaw",
        "phone_region": "PL",
    });
    let user = app.api().register("  ada@example.com ", profile).await.expect(201).json();
    assert_eq!(user["email"], "ada@example.com");
    assert_eq!(user["name"], "Żółta Łódź");
    assert_eq!(user["language"], "pl");
    assert_eq!(user["time_zone"], "Europe/Warsaw");
    assert_eq!(user["phone_region"], "PL");

    let nulls = json!({"name": null, "language": null, "time_zone": null, "phone_region": null});
    let user = app.api().register("grace@example.com", nulls).await.expect(201).json();
    assert_eq!((&user["name"], &user["language"], &user["time_zone"]), (&Value::Null, &json!("en"), &json!("UTC")));
}

async fn the_language_follows_accept_language(app: App) {
    let cases = [
        ("pl", "pl"),
        ("pl-PL,pl;q=0.9,en;q=0.8", "pl"),
        ("en;q=0.5, pl", "pl"),
        ("de, pl;q=0.3, en;q=0.2", "pl"),
        ("PL", "pl"),
        ("en-GB, pl", "en"),
        ("de", "en"),
        ("*", "en"),
        ("pl;q=0", "en"),
    ];
    for (index, (header, expected)) in cases.into_iter().enumerate() {
        let register = app.api().register(&format!("user{index}@example.com"), json!({}));
        let user = register.header(ACCEPT_LANGUAGE, header).await.expect(201).json();
        assert_eq!(user["language"], expected, "{header}");
    }
    let chosen = app.api().register("chosen@example.com", json!({"language": "en"}));
    let user = chosen.header(ACCEPT_LANGUAGE, "pl").await.expect(201).json();
    assert_eq!(user["language"], "en", "what is said outright counts more");
}

async fn an_address_is_taken_whatever_its_case(app: App) {
    app.api().register("Zażółć@example.com", json!({})).await.expect(201);
    let decomposed = "zaz\u{307}o\u{301}łc\u{301}@example.com";
    for taken in ["Zażółć@example.com", "ZAŻÓŁĆ@EXAMPLE.COM", " zażółć@Example.com", decomposed] {
        app.api().register(taken, json!({})).await.problem(409, "email_taken");
    }
    // An accent makes another address: it may belong to somebody else.
    app.api().register("zazolc@example.com", json!({})).await.expect(201);
}

async fn all_faults_are_reported_together(app: App) {
    let everything = json!({
        "email": "nobody",
        "password": "short",
        "name": " ",
        "language": "tlh",
        "time_zone": "Mars/Olympus_Mons",
        "phone_region": "pl",
        "shoe_size": 43,
    });
    app.api().post("/auth/register", everything).await.refused(&[
        ("/email", "invalid_email"),
        ("/password", "too_short"),
        ("/name", "too_short"),
        ("/language", "invalid_language"),
        ("/time_zone", "invalid_time_zone"),
        ("/phone_region", "invalid_phone_region"),
        ("/shoe_size", "unknown_field"),
    ]);
    let types = json!({"email": 1, "password": [], "name": {}, "language": true, "time_zone": 1.5, "phone_region": 0});
    let pointers = ["/email", "/password", "/name", "/language", "/time_zone", "/phone_region"];
    app.api().post("/auth/register", types).await.refused(&pointers.map(|pointer| (pointer, "wrong_type")));
    for missing in [json!({}), json!({"email": null, "password": null})] {
        let answer = app.api().post("/auth/register", missing).await;
        answer.refused(&[("/email", "required"), ("/password", "required")]);
    }
}

async fn passwords_that_are_easily_guessed_are_refused(app: App) {
    let too_long = "ż".repeat(257);
    let cases = [
        ("sunshine", "common_password"),
        ("PrinCess", "common_password"),
        ("1234567", "too_short"),
        ("żółwżół", "too_short"),
        (too_long.as_str(), "too_long"),
        ("Otter\0Lantern", "nul_character"),
    ];
    for (password, code) in cases {
        let answer = app.api().post("/auth/register", json!({"email": "ada@example.com", "password": password})).await;
        answer.refused(&[("/password", code)]);
        assert!(!answer.text().contains(password), "a password never comes back: {answer}");
    }
    // None of them left an account behind.
    app.api().register("ada@example.com", json!({})).await.expect(201);
    // A fault is found before the account is looked for, so it says nothing about it.
    let answer = app.api().post("/auth/register", json!({"email": "ada@example.com", "password": "short"})).await;
    assert_eq!(faults(&answer.json()), [("/password", "too_short")]);
}

async fn a_long_password_counts_to_its_last_character(app: App) {
    let password = "ż".repeat(255) + "1";
    let api = app.api();
    api.post("/auth/register", json!({"email": "ada@example.com", "password": password})).await.expect(201);
    api.log_in("ada@example.com", &password).await.expect(200);
    let almost = "ż".repeat(255) + "2";
    api.log_in("ada@example.com", &almost).await.problem(401, "invalid_credentials");
    // The same text, composed otherwise by another keyboard.
    api.log_in("ada@example.com", &("z\u{307}".repeat(255) + "1")).await.expect(200);
}
