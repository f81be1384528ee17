//! Many who register one address at once.

use std::{collections::BTreeMap, fs};

use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::{LOG_DELIVERIES, Letter, Setup, on_both_databases};

on_both_databases!(of_64_registrations_at_once_one_succeeds_and_one_mail_is_sent);

async fn of_64_registrations_at_once_one_succeeds_and_one_mail_is_sent(setup: Setup) {
    let app = setup.env(LOG_DELIVERIES.0, LOG_DELIVERIES.1).start();
    let mut registrations = JoinSet::new();
    for index in 0..64 {
        let email = if index % 2 == 0 { "ada@example.com" } else { "ADA@example.com" };
        registrations.spawn(app.api().register(email, json!({})).into_future());
    }
    let mut statuses = BTreeMap::new();
    let mut address = String::new();
    for answer in registrations.join_all().await {
        *statuses.entry(answer.status).or_insert(0) += 1;
        match answer.status {
            201 => address = answer.json()["email"].as_str().unwrap().to_owned(),
            _ => {
                answer.problem(409, "email_taken");
            }
        }
    }
    assert_eq!(statuses, BTreeMap::from([(201, 1), (409, 63)]));
    app.api().logged_in("ada@example.com").await;

    app.mail(Letter::VerifyEmail, &address);
    // Whatever else was ordered was worked on by now, or waits in the outbox.
    let (setup, log) = app.stop();
    assert_eq!(log.matches("a mail was worked on").count(), 1, "{log}");
    assert_eq!(setup.sql("SELECT subject AS text FROM outbox").await, [] as [String; 0]);
    assert_eq!(fs::read_dir(setup.folder().join("data").join("mail")).unwrap().count(), 1);
}
