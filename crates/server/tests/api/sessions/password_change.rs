//! `POST /users/me/password`

use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::{App, Client, Letter, PASSWORD, Request, Session, on_both_databases};

on_both_databases!(
    a_password_change_ends_the_other_sessions_and_keeps_this_one,
    a_password_that_is_not_the_present_one_changes_nothing,
    a_weak_new_password_changes_nothing,
    of_changes_at_once_one_succeeds,
    a_password_change_ends_what_mailed_links_could_still_do,
);

const EMAIL: &str = "ada@example.com";
const NEW: &str = "Walrus-Compass-17-Ferry";

fn change(client: &Client, current: &str, new: &str) -> Request {
    client.post("/users/me/password", json!({"current_password": current, "new_password": new}))
}

async fn a_password_change_ends_the_other_sessions_and_keeps_this_one(app: App) {
    app.register(EMAIL).await;
    // Only who proved to read their mail is told by mail.
    let token = app.mailed_token(Letter::VerifyEmail, EMAIL);
    app.api().post("/auth/email/verify", json!({"token": token})).await.expect(204);
    let (phone, laptop) = (app.session(EMAIL).await, app.session(EMAIL).await);
    phone.assert_alive().await;
    let answer = change(&laptop.client, PASSWORD, NEW).await.expect(204);
    assert!(answer.body.is_empty(), "{answer}");
    phone.assert_ended().await;
    laptop.assert_alive().await;
    laptop.refreshed().await.assert_alive().await;
    app.api().log_in(EMAIL, PASSWORD).await.problem(401, "invalid_credentials");
    Session::begin(&app.api(), EMAIL, NEW).await.assert_alive().await;
    app.mail(Letter::PasswordChanged, EMAIL);
}

async fn a_password_that_is_not_the_present_one_changes_nothing(app: App) {
    app.register(EMAIL).await;
    let (phone, laptop) = (app.session(EMAIL).await, app.session(EMAIL).await);
    for wrong in [NEW, "", "x", &"x".repeat(10_000)] {
        change(&laptop.client, wrong, NEW).await.problem(403, "wrong_password");
    }
    phone.assert_alive().await;
    laptop.assert_alive().await;
    app.api().log_in(EMAIL, PASSWORD).await.expect(200);
    change(&app.api(), PASSWORD, NEW).await.problem(401, "unauthenticated");
}

async fn a_weak_new_password_changes_nothing(app: App) {
    let ada = app.register(EMAIL).await;
    for (weak, code) in [("sunshine", "common_password"), ("1234567", "too_short"), (&*"x".repeat(257), "too_long")] {
        change(&ada, PASSWORD, weak).await.refused(&[("/new_password", code)]);
    }
    let both = [("/current_password", "required"), ("/new_password", "required")];
    ada.post("/users/me/password", json!({})).await.refused(&both);
    app.api().log_in(EMAIL, PASSWORD).await.expect(200);
}

async fn of_changes_at_once_one_succeeds(app: App) {
    let ada = app.register(EMAIL).await;
    let mut changes = JoinSet::new();
    for index in 0..8 {
        let new = format!("{NEW}-{index}");
        let request = change(&ada, PASSWORD, &new).into_future();
        changes.spawn(async move { (request.await, new) });
    }
    let mut chosen = Vec::new();
    for (answer, new) in changes.join_all().await {
        match answer.status {
            204 => chosen.push(new),
            _ => {
                answer.problem(403, "wrong_password");
            }
        }
    }
    assert_eq!(chosen.len(), 1, "{chosen:?}");
    Session::begin(&app.api(), EMAIL, &chosen[0]).await.assert_alive().await;
}

async fn a_password_change_ends_what_mailed_links_could_still_do(app: App) {
    let ada = app.register(EMAIL).await;
    app.api().post("/auth/password/forgot", json!({"email": EMAIL})).await.expect(202);
    let change_of_email = json!({"new_email": "eve@example.com", "password": PASSWORD});
    ada.post("/users/me/email", change_of_email).await.expect(202);
    let reset = app.mailed_token(Letter::ResetPassword, EMAIL);
    let confirm = app.mailed_token(Letter::ConfirmNewEmail, "eve@example.com");
    change(&ada, PASSWORD, NEW).await.expect(204);

    let with_reset = json!({"token": reset, "new_password": PASSWORD});
    app.api().post("/auth/password/reset", with_reset).await.problem(400, "invalid_link");
    // Whoever asked for it may have known the former password alone.
    app.api().post("/auth/email/verify", json!({"token": confirm})).await.problem(400, "invalid_link");
    assert_eq!(ada.get("/users/me").await.expect(200).json()["email"], EMAIL);
}
