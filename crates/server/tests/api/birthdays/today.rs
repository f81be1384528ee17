//! Which day today is: the user's.

use serde_json::json;

use super::birthdays;
use crate::harness::{App, Midday, Setup, ada, date, merged, on_both_databases};

on_both_databases!(today_is_in_the_users_time_zone, a_birthday_may_be_today_but_not_tomorrow);

async fn today_is_in_the_users_time_zone(setup: Setup) {
    // The server stands where the date is another one than in the west.
    let app = setup.env("TZ", "Pacific/Kiritimati").start();
    let midday = Midday::now();
    let user = app.register_with("user@example.com", json!({"time_zone": midday.zone})).await;
    let page = birthdays(&user, &[]).await;
    assert_eq!((date(&page["from"]), page["time_zone"].as_str()), (midday.today, Some(midday.zone.as_str())));
    // A time zone in the request counts more than the user's, and a first day more than both.
    user.patch("/users/me", json!({"time_zone": "Etc/GMT+12"})).await.expect(200);
    let page = birthdays(&user, &[("tz", &midday.zone)]).await;
    assert_eq!((date(&page["from"]), page["time_zone"].as_str()), (midday.today, Some(midday.zone.as_str())));
    let page = birthdays(&user, &[("tz", &midday.zone), ("from", "2027-01-01")]).await;
    assert_eq!(page["from"], "2027-01-01");
    // These two are 26 hours apart, so never on the same day.
    let west = birthdays(&user, &[]).await;
    let east = birthdays(&user, &[("tz", "Pacific/Kiritimati")]).await;
    assert!(date(&west["from"]) < date(&east["from"]), "{west} {east}");
}

async fn a_birthday_may_be_today_but_not_tomorrow(app: App) {
    let midday = Midday::now();
    let (today, tomorrow) = (midday.today.to_string(), midday.tomorrow().to_string());
    let user = app.register_with("user@example.com", json!({"time_zone": midday.zone})).await;
    let newborn = user.create(merged(ada(), json!({"birthday": today}))).await;
    let page = birthdays(&user, &[("days", "0")]).await;
    assert_eq!((&page["items"][0]["contact"], &page["items"][0]["turning"]), (&newborn, &json!(0)));

    let unborn = merged(ada(), json!({"birthday": tomorrow}));
    let path = format!("/contacts/{}", newborn["id"].as_str().unwrap());
    let future = [("/birthday", "birthday_in_future")];
    user.post("/contacts", &unborn).await.refused(&future);
    user.put(&path, &unborn).await.refused(&future);
    user.patch(&path, json!({"birthday": tomorrow})).await.refused(&future);
    user.post("/contacts", merged(ada(), json!({"birthday": "9999-12-31"}))).await.refused(&future);
    let yearless = tomorrow.replacen(&tomorrow[..5], "--", 1);
    user.create(merged(ada(), json!({"birthday": yearless}))).await;

    // What is today there is tomorrow, or later, for somebody 26 hours behind.
    let kiritimati = date(&birthdays(&user, &[("tz", "Pacific/Kiritimati")]).await["from"]).to_string();
    user.patch("/users/me", json!({"time_zone": "Etc/GMT+12"})).await.expect(200);
    user.post("/contacts", merged(ada(), json!({"birthday": kiritimati}))).await.refused(&future);
    user.patch("/users/me", json!({"time_zone": "Pacific/Kiritimati"})).await.expect(200);
    user.create(merged(ada(), json!({"birthday": kiritimati}))).await;
}
