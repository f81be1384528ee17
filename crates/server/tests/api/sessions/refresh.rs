//! Refreshing at once, and once more: an answer may be lost on its way, and two tabs may refresh together.

use std::collections::BTreeSet;

use tokio::task::JoinSet;

use crate::harness::{App, Session, on_both_databases};

on_both_databases!(
    the_token_before_gives_the_very_same_successor_for_a_moment,
    of_50_refreshes_at_once_one_successor_comes,
    every_refresh_makes_another_token,
);

const EMAIL: &str = "ada@example.com";

async fn the_token_before_gives_the_very_same_successor_for_a_moment(app: App) {
    app.register(EMAIL).await;
    let session = app.session(EMAIL).await;
    let successor = session.refreshed().await;
    let again = session.refreshed().await;
    assert_eq!(again.refresh_token, successor.refresh_token);
    again.assert_alive().await;
    successor.assert_alive().await;
    // It counted as no exchange: the successor is still the current one.
    successor.refreshed().await.assert_alive().await;
}

async fn of_50_refreshes_at_once_one_successor_comes(app: App) {
    app.register(EMAIL).await;
    let session = app.session(EMAIL).await;
    let mut refreshes = JoinSet::new();
    for _ in 0..50 {
        refreshes.spawn(session.refresh().into_future());
    }
    let mut successors = BTreeSet::new();
    for answer in refreshes.join_all().await {
        match answer.status {
            200 => {
                successors.insert(answer.json()["refresh_token"].as_str().unwrap().to_owned());
            }
            _ => {
                answer.problem(401, "invalid_token");
            }
        }
    }
    assert_eq!(successors.len(), 1, "exactly one refresh token is alive");
    let successor = Session { refresh_token: successors.pop_first().unwrap(), ..session };
    successor.refreshed().await.assert_alive().await;
}

async fn every_refresh_makes_another_token(app: App) {
    app.register(EMAIL).await;
    let mut session = app.session(EMAIL).await;
    let mut seen = BTreeSet::from([session.refresh_token.clone()]);
    for _ in 0..5 {
        session = session.refreshed().await;
        assert!(seen.insert(session.refresh_token.clone()), "a token came twice");
    }
}
