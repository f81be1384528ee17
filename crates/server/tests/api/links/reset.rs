//! `POST /auth/password/forgot` and `POST /auth/password/reset`

use serde_json::json;
use tokio::task::JoinSet;

use super::{EMAIL, NEW_PASSWORD, ask_for_reset, me, reset, verify};
use crate::harness::{App, Letter, PASSWORD, Session, on_both_databases};

on_both_databases!(
    a_reset_ends_every_session_and_verifies_the_address,
    a_refused_password_uses_nothing_up,
    of_resets_at_once_one_succeeds,
    a_reset_ends_a_change_of_address_that_waits,
    what_is_missing_or_surplus_is_named,
);

async fn a_reset_ends_every_session_and_verifies_the_address(app: App) {
    app.register(EMAIL).await;
    let (phone, laptop) = (app.session(EMAIL).await, app.session(EMAIL).await);
    phone.assert_alive().await;
    laptop.assert_alive().await;
    ask_for_reset(&app, EMAIL).await.expect(202);
    let mail = app.mail(Letter::ResetPassword, EMAIL);
    assert_eq!(mail.link().path(), "/reset-password");
    let answer = reset(&app, &mail.token(), NEW_PASSWORD).await.expect(204);
    assert!(answer.body.is_empty(), "{answer}");

    phone.assert_ended().await;
    laptop.assert_ended().await;
    app.api().log_in(EMAIL, PASSWORD).await.problem(401, "invalid_credentials");
    let again = Session::begin(&app.api(), EMAIL, NEW_PASSWORD).await;
    assert_eq!(me(&again.client).await["email_verified"], true, "the link was read there");
    app.mail(Letter::PasswordChanged, EMAIL);
    reset(&app, &mail.token(), PASSWORD).await.problem(400, "invalid_link");
    again.assert_alive().await;
}

async fn a_refused_password_uses_nothing_up(app: App) {
    app.register(EMAIL).await;
    ask_for_reset(&app, EMAIL).await.expect(202);
    let token = app.mailed_token(Letter::ResetPassword, EMAIL);
    for (weak, code) in [("sunshine", "common_password"), ("1234567", "too_short"), ("nul\0nul\0nul", "nul_character")]
    {
        reset(&app, &token, weak).await.refused(&[("/new_password", code)]);
    }
    app.session(EMAIL).await.assert_alive().await;
    reset(&app, &token, NEW_PASSWORD).await.expect(204);
}

async fn of_resets_at_once_one_succeeds(app: App) {
    app.register(EMAIL).await;
    ask_for_reset(&app, EMAIL).await.expect(202);
    let token = app.mailed_token(Letter::ResetPassword, EMAIL);
    let mut resets = JoinSet::new();
    for index in 0..16 {
        let new = format!("{NEW_PASSWORD}-{index}");
        let request = reset(&app, &token, &new).into_future();
        resets.spawn(async move { (request.await, new) });
    }
    let mut chosen = Vec::new();
    for (answer, new) in resets.join_all().await {
        match answer.status {
            204 => chosen.push(new),
            _ => {
                answer.problem(400, "invalid_link");
            }
        }
    }
    assert_eq!(chosen.len(), 1, "{chosen:?}");
    Session::begin(&app.api(), EMAIL, &chosen[0]).await.assert_alive().await;
}

/// Somebody who stole a password must not be left with a way back in.
async fn a_reset_ends_a_change_of_address_that_waits(app: App) {
    let thief = app.register(EMAIL).await;
    let change = json!({"new_email": "thief@example.com", "password": PASSWORD});
    thief.post("/users/me/email", change).await.expect(202);
    let confirm = app.mailed_token(Letter::ConfirmNewEmail, "thief@example.com");
    app.mail(Letter::EmailChangeRequested, EMAIL);
    ask_for_reset(&app, EMAIL).await.expect(202);
    reset(&app, &app.mailed_token(Letter::ResetPassword, EMAIL), NEW_PASSWORD).await.expect(204);

    verify(&app, &confirm).await.problem(400, "invalid_link");
    let owner = Session::begin(&app.api(), EMAIL, NEW_PASSWORD).await;
    assert_eq!(me(&owner.client).await["email"], EMAIL);
}

async fn what_is_missing_or_surplus_is_named(app: App) {
    let api = app.api();
    let both = [("/token", "required"), ("/new_password", "required")];
    api.post("/auth/password/reset", json!({})).await.refused(&both);
    let types = json!({"token": [], "new_password": {}});
    api.post("/auth/password/reset", types).await.refused(&[("/token", "wrong_type"), ("/new_password", "wrong_type")]);
    let surplus = json!({"token": "x", "new_password": NEW_PASSWORD, "password": "y"});
    api.post("/auth/password/reset", surplus).await.refused(&[("/password", "unknown_field")]);
    api.post("/auth/password/forgot", json!({})).await.refused(&[("/email", "required")]);
}
