//! Values that a field does not take.

use serde_json::{Value, json};

use super::assert_nothing_stored;
use crate::harness::{App, Midday, ada, merged, on_both_databases};

on_both_databases!(each_field_says_what_is_wrong, wrong_types_are_named, all_faults_are_reported_together);

async fn each_field_says_what_is_wrong(app: App) {
    let user = app.register("user@example.com").await;
    let (too_long_name, too_long_notes) = ("ż".repeat(101), "ż".repeat(10_001));
    let (too_long_phone, too_long_email) = ("1".repeat(41), format!("{}@example.com", "a".repeat(250)));
    let cases: [(&str, &str, &[&str]); 15] = [
        ("first_name", "too_short", &["", " ", "\u{3000}\u{a0}"]),
        ("first_name", "too_long", &[&too_long_name]),
        ("first_name", "control_character", &["a\nb", "a\tb", "Ada\r\nBcc: x", "a\u{7f}b", "a\u{85}b", "\u{1b}[31m"]),
        ("last_name", "too_short", &["", "  "]),
        ("last_name", "too_long", &[&too_long_name]),
        ("last_name", "control_character", &["a\u{8}b"]),
        (
            "email",
            "invalid_email",
            &["x", "@", "a@b", "a@", "@example.com", "a b@example.com", "a@b@c.de", "a@example..com"],
        ),
        ("email", "invalid_email", &["Ada <ada@example.com>", "ada@[127.0.0.1]", "ada@example.com, eve@example.com"]),
        ("email", "control_character", &["ada@example.com\nBcc: eve@example.com", "ada\r@example.com"]),
        ("email", "too_long", &[&too_long_email]),
        (
            "phone",
            "invalid_phone",
            &["abc", "+48 abc", "---", "+ ( )", "٠١٢٣٤", "１２３４", "123\n456", "123;456", "1 2"],
        ),
        ("phone", "too_long", &[&too_long_phone]),
        (
            "birthday",
            "invalid_birthday",
            &[
                "2000-02-30",
                "1900-02-29",
                "2001-02-29",
                "--02-30",
                "2000-13-01",
                "2000-00-10",
                "0000-01-01",
                "2000-04-31",
            ],
        ),
        (
            "birthday",
            "invalid_birthday",
            &[
                "",
                "yesterday",
                "2000-1-1",
                "01.02.2000",
                "2000-01-01T00:00:00Z",
                "-2000-01-01",
                "12000-01-01",
                "-02-28",
                "2000-01",
            ],
        ),
        ("additional_data", "too_long", &[&too_long_notes]),
    ];
    for (field, code, values) in cases {
        for value in values {
            let answer = user.post("/contacts", merged(ada(), json!({field: value}))).await;
            answer.refused(&[(&format!("/{field}"), code)]);
        }
    }
    let midday = Midday::now();
    user.patch("/users/me", json!({"time_zone": midday.zone})).await.expect(200);
    let unborn = merged(ada(), json!({"birthday": midday.tomorrow().to_string()}));
    user.post("/contacts", unborn).await.refused(&[("/birthday", "birthday_in_future")]);
    assert_nothing_stored(&user).await;
}

async fn wrong_types_are_named(app: App) {
    let user = app.register("user@example.com").await;
    for field in ["first_name", "last_name", "email", "phone", "birthday", "additional_data"] {
        for value in [json!(7), json!(1.5), json!(20_000_101), json!(true), json!(["Ada"]), json!({"text": "Ada"})] {
            let answer = user.post("/contacts", merged(ada(), json!({field: value}))).await;
            answer.refused(&[(&format!("/{field}"), "wrong_type")]);
        }
    }
    assert_nothing_stored(&user).await;
}

async fn all_faults_are_reported_together(app: App) {
    let user = app.register("user@example.com").await;
    let everything = json!({
        "first_name": "",
        "last_name": 7,
        "email": "x",
        "phone": "a\0b",
        "birthday": "2000-02-30",
        "additional_data": "x".repeat(10_001),
        "nick": Value::Null,
    });
    user.post("/contacts", everything).await.refused(&[
        ("/first_name", "too_short"),
        ("/last_name", "wrong_type"),
        ("/email", "invalid_email"),
        ("/phone", "nul_character"),
        ("/birthday", "invalid_birthday"),
        ("/additional_data", "too_long"),
        ("/nick", "unknown_field"),
    ]);
    user.post("/contacts", json!({"first_name": "", "birthday": 1})).await.refused(&[
        ("/first_name", "too_short"),
        ("/last_name", "required"),
        ("/email", "required"),
        ("/phone", "required"),
        ("/birthday", "wrong_type"),
    ]);
    // Query and body are one request; whatever of both is wrong is said.
    let answer = user.post("/contacts?dry_run=1", merged(ada(), json!({"email": "x"}))).await;
    answer.refused(&[("/dry_run", "unknown_parameter"), ("/email", "invalid_email")]);
    assert_nothing_stored(&user).await;
}
