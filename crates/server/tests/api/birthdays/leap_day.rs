//! Who was born on the 29th of February: four of the 80 people.

use serde_json::json;

use super::{birthdays, celebrations};
use crate::harness::{App, Client, merged, named, on_both_databases, people};

on_both_databases!(
    the_leap_day_falls_where_the_user_says,
    a_window_that_ends_or_begins_at_the_leap_day_is_exact,
    an_age_is_counted_in_years_whatever_the_day,
);

/// The celebrations from a day on, with the user's rule, and the same once more with the other rule.
async fn under_both_rules(user: &Client, from: &str, days: &str) -> [Vec<String>; 2] {
    let mut lists = Vec::new();
    for rule in ["feb28", "mar1"] {
        user.patch("/users/me", json!({"leap_day_rule": rule})).await.expect(200);
        let page = birthdays(user, &[("from", from), ("days", days)]).await;
        assert_eq!(page["leap_day_rule"], rule);
        lists.push(celebrations(&page));
    }
    lists.try_into().unwrap()
}

async fn the_leap_day_falls_where_the_user_says(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    let [feb28, mar1] = under_both_rules(&user, "2027-02-26", "5").await;
    let on_28_february =
        ["02-28 Hollerith", "02-28 Morgan", "02-28 Rossini", "02-28 Shore", "03-01 Chopin", "03-02 Smetana"];
    assert_eq!(feb28, on_28_february);
    let on_1_march =
        ["03-01 Chopin", "03-01 Hollerith", "03-01 Morgan", "03-01 Rossini", "03-01 Shore", "03-02 Smetana"];
    assert_eq!(mar1, on_1_march);
    // A year that has the day needs no rule.
    let [feb28, mar1] = under_both_rules(&user, "2028-02-26", "5").await;
    let on_29_february =
        ["02-29 Hollerith", "02-29 Morgan", "02-29 Rossini", "02-29 Shore", "03-01 Chopin", "03-02 Smetana"];
    assert_eq!(feb28, on_29_february);
    assert_eq!(mar1, on_29_february);
}

async fn a_window_that_ends_or_begins_at_the_leap_day_is_exact(app: App) {
    let user = app.register("user@example.com").await;
    user.create(merged(named("Born", "Leap"), json!({"birthday": "1920-02-29"}))).await;
    user.create(merged(named("Born", "Yearless"), json!({"birthday": "--02-29"}))).await;
    user.create(merged(named("Born", "February"), json!({"birthday": "1950-02-28"}))).await;
    user.create(merged(named("Born", "March"), json!({"birthday": "1960-03-01"}))).await;
    // (from, days, under feb28, under mar1)
    let cases: [(&str, &str, &[&str], &[&str]); 13] = [
        ("2027-02-28", "0", &["02-28 February", "02-28 Leap", "02-28 Yearless"], &["02-28 February"]),
        ("2027-03-01", "0", &["03-01 March"], &["03-01 Leap", "03-01 March", "03-01 Yearless"]),
        ("2027-02-27", "1", &["02-28 February", "02-28 Leap", "02-28 Yearless"], &["02-28 February"]),
        ("2027-02-27", "0", &[], &[]),
        ("2027-03-02", "0", &[], &[]),
        ("2028-02-28", "0", &["02-28 February"], &["02-28 February"]),
        ("2028-02-29", "0", &["02-29 Leap", "02-29 Yearless"], &["02-29 Leap", "02-29 Yearless"]),
        ("2028-03-01", "0", &["03-01 March"], &["03-01 March"]),
        (
            "2028-02-28",
            "1",
            &["02-28 February", "02-29 Leap", "02-29 Yearless"],
            &["02-28 February", "02-29 Leap", "02-29 Yearless"],
        ),
        // A century that is no leap year, and one that is.
        ("2100-02-28", "0", &["02-28 February", "02-28 Leap", "02-28 Yearless"], &["02-28 February"]),
        ("2000-02-29", "0", &["02-29 Leap", "02-29 Yearless"], &["02-29 Leap", "02-29 Yearless"]),
        // The next one is in another year than the first day, and that year has the day, or has not.
        (
            "2027-12-01",
            "90",
            &["02-28 February", "02-29 Leap", "02-29 Yearless"],
            &["02-28 February", "02-29 Leap", "02-29 Yearless"],
        ),
        ("2028-12-01", "89", &["02-28 February", "02-28 Leap", "02-28 Yearless"], &["02-28 February"]),
    ];
    for (from, days, feb28, mar1) in cases {
        assert_eq!(under_both_rules(&user, from, days).await, [feb28, mar1], "{from} and {days} days");
    }
    // Once in a window that holds the day twice.
    let [feb28, mar1] = under_both_rules(&user, "2028-02-29", "366").await;
    assert_eq!(feb28, ["02-29 Leap", "02-29 Yearless", "03-01 March", "02-28 February"]);
    assert_eq!(mar1, feb28);
    let [feb28, mar1] = under_both_rules(&user, "2027-03-01", "366").await;
    assert_eq!(feb28, ["03-01 March", "02-28 February", "02-29 Leap", "02-29 Yearless"]);
    assert_eq!(mar1, ["03-01 Leap", "03-01 March", "03-01 Yearless", "02-28 February"]);
}

async fn an_age_is_counted_in_years_whatever_the_day(app: App) {
    let user = app.register("user@example.com").await;
    user.create(merged(named("Dinah", "Shore"), json!({"birthday": "1916-02-29"}))).await;
    user.create(merged(named("No", "Year"), json!({"birthday": "--02-29"}))).await;
    for (from, rule, turning) in [
        ("2027-02-20", "feb28", 111),
        ("2027-02-20", "mar1", 111),
        ("2028-02-20", "feb28", 112),
        ("2027-12-31", "mar1", 112),
    ] {
        user.patch("/users/me", json!({"leap_day_rule": rule})).await.expect(200);
        let page = birthdays(&user, &[("from", from), ("days", "100")]).await;
        assert_eq!(page["items"][0]["turning"], turning, "{from} {rule}");
        assert_eq!(page["items"][1]["turning"], json!(null), "there is no age without a year");
    }
}
