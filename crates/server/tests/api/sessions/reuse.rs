//! A refresh token that was exchanged before is in two hands: its session ends (RFC 9700 section 4.14.2).

use crate::harness::{App, LONG_AGO, on_both_databases};

on_both_databases!(
    an_older_token_ends_its_session_and_is_audited,
    the_token_before_ends_its_session_once_the_moment_is_over,
    a_token_of_an_ended_session_is_no_reuse,
);

const EMAIL: &str = "ada@example.com";
const REUSES: &str = "SELECT kind AS text FROM audit_log WHERE kind = 'refresh_reused'";

async fn an_older_token_ends_its_session_and_is_audited(app: App) {
    app.register(EMAIL).await;
    let (other, stolen) = (app.session(EMAIL).await, app.session(EMAIL).await);
    let second = stolen.refreshed().await;
    let third = second.refreshed().await;
    third.assert_alive().await;
    assert_eq!(app.setup().sql(REUSES).await.len(), 0);

    stolen.refresh().await.problem(401, "invalid_token");
    for session in [&stolen, &second, &third] {
        session.assert_ended().await;
    }
    other.refreshed().await.assert_alive().await;
    assert_eq!(app.setup().sql(REUSES).await.len(), 1, "what comes after the end is no event");
    let told = app.process().log().wait_for(|line| line.contains("a refresh token was used again").then_some(()));
    assert!(told.is_some(), "the log says so, too");
}

async fn the_token_before_ends_its_session_once_the_moment_is_over(app: App) {
    app.register(EMAIL).await;
    let session = app.session(EMAIL).await;
    let successor = session.refreshed().await;
    app.setup().sql(&format!("UPDATE sessions SET last_used_at = {LONG_AGO}")).await;
    session.refresh().await.problem(401, "invalid_token");
    session.assert_ended().await;
    successor.assert_ended().await;
    assert_eq!(app.setup().sql(REUSES).await.len(), 1);
}

async fn a_token_of_an_ended_session_is_no_reuse(app: App) {
    app.register(EMAIL).await;
    let session = app.session(EMAIL).await;
    app.setup().sql(&format!("UPDATE sessions SET expires_at = {LONG_AGO}")).await;
    session.refresh().await.problem(401, "invalid_token");
    assert_eq!(app.setup().sql(REUSES).await.len(), 0);
}
