//! `REQUIRE_VERIFIED_EMAIL`: who must show first that they read their mail.

use reqwest::Method;
use serde_json::json;

use super::{EMAIL, NEW_PASSWORD, ask_for_reset, me, reset, verify};
use crate::harness::{Letter, PASSWORD, Session, Setup, on_both_databases};

on_both_databases!(
    where_verification_is_required_a_login_waits_for_it,
    a_reset_verifies_where_it_is_required,
    where_it_is_not_required_everybody_logs_in,
    it_is_required_where_mails_are_sent,
);

const REQUIRED: (&str, &str) = ("REQUIRE_VERIFIED_EMAIL", "true");

async fn where_verification_is_required_a_login_waits_for_it(setup: Setup) {
    let app = setup.env(REQUIRED.0, REQUIRED.1).start();
    assert_eq!(app.process().banner_line("E-mail").as_deref(), Some("verification is required"));
    app.api().register(EMAIL, json!({})).await.expect(201);
    let token = app.mailed_token(Letter::VerifyEmail, EMAIL);
    let form = [("username", EMAIL), ("password", PASSWORD)];
    let as_form = || app.api().request(Method::POST, "/auth/login").form(&form);

    // Who does not know the password does not learn that there is an account.
    app.api().log_in(EMAIL, "Wrong-Password-1").await.problem(401, "invalid_credentials");
    app.api().log_in("nobody@example.com", PASSWORD).await.problem(401, "invalid_credentials");
    app.api().log_in(EMAIL, PASSWORD).await.problem(403, "email_not_verified");
    as_form().await.problem(403, "email_not_verified");

    verify(&app, &token).await.expect(204);
    app.session(EMAIL).await.assert_alive().await;
    as_form().await.expect(200);
}

async fn a_reset_verifies_where_it_is_required(setup: Setup) {
    let app = setup.env(REQUIRED.0, REQUIRED.1).start();
    app.api().register(EMAIL, json!({})).await.expect(201);
    ask_for_reset(&app, EMAIL).await.expect(202);
    reset(&app, &app.mailed_token(Letter::ResetPassword, EMAIL), NEW_PASSWORD).await.expect(204);
    let session = Session::begin(&app.api(), EMAIL, NEW_PASSWORD).await;
    assert_eq!(me(&session.client).await["email_verified"], true);
}

async fn where_it_is_not_required_everybody_logs_in(setup: Setup) {
    let app = setup.start();
    assert_eq!(app.process().banner_line("E-mail").as_deref(), Some("verification is not required"));
    let ada = app.register(EMAIL).await;
    assert_eq!(me(&ada).await["email_verified"], false);
}

async fn it_is_required_where_mails_are_sent(setup: Setup) {
    // Nobody listens there. A registration does not wait for its mail.
    let app = setup.env("SMTP_URL", "smtp://127.0.0.1:1").start();
    assert_eq!(app.process().banner_line("E-mail").as_deref(), Some("verification is required"));
    app.api().register(EMAIL, json!({})).await.expect(201);
    app.api().log_in(EMAIL, PASSWORD).await.problem(403, "email_not_verified");

    let app = app.stop().0.env("REQUIRE_VERIFIED_EMAIL", "false").start();
    app.session(EMAIL).await.assert_alive().await;
}
