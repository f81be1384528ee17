//! Phone numbers: kept as typed, understood where they can be.

use serde_json::{Value, json};

use super::fetch;
use crate::harness::{App, ada, merged, on_both_databases};

on_both_databases!(a_country_code_makes_a_number_understood, the_users_region_completes_a_number);

async fn a_country_code_makes_a_number_understood(app: App) {
    let user = app.register("user@example.com").await;
    let cases = [
        ("+48 22 555 03 10", Some("+48225550310")),
        ("0048 22 555-03-10", Some("+48225550310")),
        ("+1 (202) 555-0101", Some("+12025550101")),
        ("22 555 03 10", None),
        ("112", None),
        ("+1 000 000 0000", None),
        ("#31# 123/456.78 x9", None),
        ("1234567890123456789012345678901234567890", None),
    ];
    for (typed, e164) in cases {
        let contact = user.create(merged(ada(), json!({"phone": typed}))).await;
        assert_eq!((&contact["phone"], &contact["phone_e164"]), (&json!(typed), &json!(e164)), "{typed}");
    }
}

async fn the_users_region_completes_a_number(app: App) {
    let user = app.register_with("user@example.com", json!({"phone_region": "PL"})).await;
    let polish = user.create(merged(ada(), json!({"phone": "22 555 03 10"}))).await;
    assert_eq!(polish["phone_e164"], "+48225550310");
    user.patch("/users/me", json!({"phone_region": "US"})).await.expect(200);
    assert_eq!(fetch(&user, &polish).await, polish, "what is kept stays as it is");
    let understood =
        async |typed: &str| user.create(merged(ada(), json!({"phone": typed}))).await["phone_e164"].clone();
    assert_eq!(understood("(202) 555-0101").await, "+12025550101");
    assert_eq!(understood("011 48 22 555 03 10").await, "+48225550310");
    assert_eq!(understood("0048 22 555 03 10").await, Value::Null, "from there one dials 011 for +");
    user.patch("/users/me", json!({"phone_region": null})).await.expect(200);
    assert_eq!(understood("(202) 555-0101").await, Value::Null);
}
