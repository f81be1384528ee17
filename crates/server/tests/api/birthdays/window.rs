//! Which days are in the window.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{birthdays, celebrations};
use crate::harness::{App, ada, date, last_names, merged, on_both_databases, people};

on_both_databases!(
    the_seventh_day_is_included,
    the_window_goes_over_new_years_eve,
    the_answer_says_what_it_is_about,
    a_year_holds_everybody_once,
);

async fn the_seventh_day_is_included(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    let expected = ["12-05 Didion", "12-08 O'Connor", "12-08 Sibelius", "12-09 Hopper", "12-10 Lovelace"];
    for query in [&[("from", "2026-12-03")][..], &[("from", "2026-12-03"), ("days", "7")]] {
        let page = birthdays(&user, query).await;
        assert_eq!(celebrations(&page), expected, "seven days where nothing is said");
        assert_eq!((&page["from"], &page["through"]), (&json!("2026-12-03"), &json!("2026-12-10")));
        assert_eq!(page["items"][4]["days_until"], 7);
    }
    let on = async |from: &str, days: &str| celebrations(&birthdays(&user, &[("from", from), ("days", days)]).await);
    assert_eq!(on("2026-12-03", "6").await, expected[..4]);
    assert_eq!(on("2026-12-03", "8").await, [&expected[..], &["12-11 Mahfouz"]].concat());
    // The first day is included too, and may be the only one.
    assert_eq!(on("2026-12-08", "0").await, expected[1..3]);
    assert_eq!(on("2026-12-07", "0").await, [""; 0]);
}

async fn the_window_goes_over_new_years_eve(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    let page = birthdays(&user, &[("from", "2026-12-28"), ("days", "8")]).await;
    let expected = [
        "12-28 Torvalds",
        "12-31 Hopkins",
        "12-31 Matisse",
        "01-01 Anar",
        "01-01 Forster",
        "01-01 Salinger",
        "01-02 Asimov",
        "01-03 Tolkien",
        "01-04 Braille",
        "01-05 Eco",
        "01-05 駿",
    ];
    assert_eq!(celebrations(&page), expected);
    let days: Vec<_> =
        page["items"].as_array().unwrap().iter().map(|item| item["days_until"].as_u64().unwrap()).collect();
    assert_eq!(days, [0, 3, 3, 4, 4, 4, 5, 6, 7, 8, 8]);
    let turning = |index: usize| page["items"][index]["turning"].as_u64();
    assert_eq!((turning(1), turning(5)), (Some(2026 - 1937), Some(2027 - 1919)), "each in its own year");
    assert_eq!(page["through"], "2027-01-05");

    let on = async |from: &str, days: &str| celebrations(&birthdays(&user, &[("from", from), ("days", days)]).await);
    assert_eq!(on("2026-12-31", "0").await, expected[1..3]);
    assert_eq!(on("2026-12-31", "1").await, expected[1..6]);
    assert_eq!(on("2027-01-01", "0").await, expected[3..6]);
}

async fn the_answer_says_what_it_is_about(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    let yearless = user.create(merged(ada(), json!({"birthday": "--12-11", "last_name": "Nobody"}))).await;
    let page = birthdays(&user, &[("from", "2026-12-09"), ("tz", "Europe/Warsaw")]).await;
    let expected = json!({
        "from": "2026-12-09",
        "through": "2026-12-16",
        "time_zone": "Europe/Warsaw",
        "leap_day_rule": "feb28",
        "items": [
            {"contact": contact, "next_birthday": "2026-12-10", "days_until": 1, "turning": 211},
            {"contact": yearless, "next_birthday": "2026-12-11", "days_until": 2, "turning": null},
        ],
        "next_cursor": null,
    });
    assert_eq!(page, expected);
}

async fn a_year_holds_everybody_once(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    let all: BTreeSet<_> = people().iter().map(|person| person["last_name"].as_str().unwrap().to_owned()).collect();
    // First days that somebody celebrates: the window of 366 days may hold that day twice.
    for from in ["2027-01-01", "2027-03-01", "2028-02-29", "2027-02-28", "2026-12-31"] {
        let page = birthdays(&user, &[("from", from), ("days", "366"), ("limit", "200")]).await;
        let names = last_names(&page);
        assert_eq!((names.len(), names.into_iter().map(str::to_owned).collect()), (80, all.clone()), "{from}");
        let days: Vec<_> = page["items"].as_array().unwrap().iter().map(|item| date(&item["next_birthday"])).collect();
        assert!(days.is_sorted(), "{from}");
        assert_eq!(page["next_cursor"], Value::Null);
    }
}
