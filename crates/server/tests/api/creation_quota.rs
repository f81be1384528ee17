//! How many contacts a user may create in a time: exactly so many, however they come.

use std::{slice, time::Duration};

use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::{Answer, Client, Setup, ada, eventually, named, on_both_databases};

on_both_databases!(
    of_64_creations_at_once_exactly_the_quota_succeeds,
    deleting_refunds_nothing,
    what_is_refused_costs_nothing,
    the_quota_of_one_user_is_not_that_of_another,
    time_refunds_everything,
);

const LIMIT: usize = 10;

fn limited(setup: Setup) -> Setup {
    // The limits of requests are off, as in every test; the quota holds.
    setup.env("CONTACT_CREATE_LIMIT", "10").env("CONTACT_CREATE_WINDOW", "1h").env("RATE_LIMIT_ENABLED", "false")
}

/// Creates so many contacts at once, by these clients in turn.
async fn create_at_once(clients: &[Client], count: usize) -> Vec<Answer> {
    let mut creations = JoinSet::new();
    for (index, client) in clients.iter().cycle().take(count).enumerate() {
        let creation = client.post("/contacts", named("Somebody", &format!("Number {index:02}")));
        creations.spawn(creation.into_future());
    }
    creations.join_all().await
}

/// Asserts that an answer says when the next contact may be created.
#[track_caller]
fn assert_exceeded(answer: &Answer) {
    answer.problem(429, "creation_quota_exceeded");
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=3600).contains(&wait), "{answer}");
}

/// Asserts that so many were created, and the others refused.
#[track_caller]
fn assert_created(answers: &[Answer], count: usize) {
    let (created, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    assert_eq!(created.len(), count);
    for answer in refused {
        assert_exceeded(answer);
    }
}

async fn of_64_creations_at_once_exactly_the_quota_succeeds(setup: Setup) {
    let app = limited(setup).start();
    let user = app.register("user@example.com").await;
    assert_created(&create_at_once(slice::from_ref(&user), 64).await, LIMIT);
    assert_eq!(user.list(&[]).await["items"].as_array().unwrap().len(), LIMIT);
}

#[tokio::test]
async fn two_processes_create_together_exactly_the_quota() {
    let setup = limited(Setup::postgres().await);
    let processes = [setup.spawn(&["serve"]), setup.spawn(&["serve"])];
    let [one, other] = processes.each_ref().map(|process| Client::of(&process.listening()));
    one.register("user@example.com", json!({})).await.expect(201);
    let one = one.logged_in("user@example.com").await;
    let other = other.with_token(one.token());
    assert_created(&create_at_once(&[one, other.clone()], 64).await, LIMIT);
    assert_eq!(other.list(&[]).await["items"].as_array().unwrap().len(), LIMIT);
}

async fn deleting_refunds_nothing(setup: Setup) {
    let app = limited(setup).start();
    let user = app.register("user@example.com").await;
    for _ in 0..LIMIT {
        let contact = user.create(ada()).await;
        user.delete(&format!("/contacts/{}", contact["id"].as_str().unwrap())).await.expect(204);
    }
    assert_exceeded(&user.post("/contacts", ada()).await);
    assert_eq!(user.list(&[]).await["items"], json!([]));
}

async fn what_is_refused_costs_nothing(setup: Setup) {
    let app = limited(setup).start();
    let user = app.register("user@example.com").await;
    for _ in 0..2 * LIMIT {
        user.post("/contacts", json!({})).await.expect(422);
    }
    assert_created(&create_at_once(slice::from_ref(&user), 2 * LIMIT).await, LIMIT);
    // What is there can be changed as before.
    let contact = user.list(&[]).await["items"][0].clone();
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    user.patch(&path, json!({"first_name": "Grace"})).await.expect(200);
}

async fn the_quota_of_one_user_is_not_that_of_another(setup: Setup) {
    let app = limited(setup).start();
    let (one, other) = (app.register("one@example.com").await, app.register("other@example.com").await);
    assert_created(&create_at_once(&[one], LIMIT + 1).await, LIMIT);
    assert_created(&create_at_once(&[other], LIMIT + 1).await, LIMIT);
}

async fn time_refunds_everything(setup: Setup) {
    let app = limited(setup).env("CONTACT_CREATE_WINDOW", "2s").start();
    let user = app.register("user@example.com").await;
    let answers = create_at_once(slice::from_ref(&user), 64).await;
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    assert!(created >= LIMIT, "{created}");
    eventually("another contact may be created", Duration::from_secs(30), async || {
        let answer = user.post("/contacts", ada()).await;
        match answer.status {
            201 => Some(()),
            _ => {
                assert_exceeded(&answer);
                None
            }
        }
    })
    .await;
}
