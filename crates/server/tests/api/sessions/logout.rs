//! `POST /auth/logout`

use serde_json::json;

use crate::harness::{App, on_both_databases};

on_both_databases!(
    a_logout_ends_one_session_with_all_its_tokens,
    a_logout_ends_the_tokens_before_a_refresh_too,
    of_many_logouts_at_once_each_finds_the_session_ended,
    only_who_is_logged_in_can_log_out,
);

const EMAIL: &str = "ada@example.com";

async fn a_logout_ends_one_session_with_all_its_tokens(app: App) {
    app.register(EMAIL).await;
    let (phone, laptop) = (app.session(EMAIL).await, app.session(EMAIL).await);
    // Whatever is cached, it is cached now.
    phone.assert_alive().await;
    laptop.assert_alive().await;
    let answer = phone.client.post("/auth/logout", json!({})).await.expect(204);
    assert!(answer.body.is_empty(), "{answer}");
    phone.assert_ended().await;
    phone.client.post("/auth/logout", json!({})).await.problem(401, "invalid_token");
    laptop.assert_alive().await;
    laptop.refreshed().await.assert_alive().await;
}

async fn a_logout_ends_the_tokens_before_a_refresh_too(app: App) {
    app.register(EMAIL).await;
    let before = app.session(EMAIL).await;
    let after = before.refreshed().await;
    // An access token lives until its time is over, or the session is.
    before.assert_alive().await;
    after.assert_alive().await;
    before.client.post("/auth/logout", json!({})).await.expect(204);
    before.assert_ended().await;
    after.assert_ended().await;
}

async fn of_many_logouts_at_once_each_finds_the_session_ended(app: App) {
    app.register(EMAIL).await;
    let session = app.session(EMAIL).await;
    let mut logouts = tokio::task::JoinSet::new();
    for _ in 0..16 {
        logouts.spawn(session.client.post("/auth/logout", json!({})).into_future());
    }
    let statuses: Vec<_> = logouts.join_all().await.into_iter().map(|answer| answer.status).collect();
    assert!(statuses.contains(&204) && statuses.iter().all(|status| [204, 401].contains(status)), "{statuses:?}");
    session.assert_ended().await;
    let logged_out = "SELECT kind AS text FROM audit_log WHERE kind = 'logged_out'";
    assert_eq!(app.setup().sql(logged_out).await.len(), 1, "it ended once");
}

async fn only_who_is_logged_in_can_log_out(app: App) {
    app.api().post("/auth/logout", json!({})).await.problem(401, "unauthenticated");
    app.api().get("/auth/logout").await.problem(405, "method_not_allowed");
}
