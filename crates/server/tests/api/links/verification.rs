//! `POST /auth/email/verify`, with the link that a registration mails.

use serde_json::json;
use tokio::task::JoinSet;

use super::{EMAIL, ask_for_verification, me, verify};
use crate::harness::{App, LONG_AGO, Letter, on_both_databases};

on_both_databases!(
    the_mailed_link_verifies_the_address_once,
    a_link_leads_to_the_page_of_this_service,
    of_32_uses_at_once_one_succeeds,
    a_newer_link_takes_the_place_of_the_older,
    what_is_missing_or_surplus_is_named,
);

async fn the_mailed_link_verifies_the_address_once(app: App) {
    let ada = app.register(EMAIL).await;
    assert_eq!(me(&ada).await["email_verified"], false);
    let token = app.mailed_token(Letter::VerifyEmail, EMAIL);
    let answer = verify(&app, &token).await.expect(204);
    assert!(answer.body.is_empty(), "{answer}");
    // The next request already sees it, whatever is cached.
    assert_eq!(me(&ada).await["email_verified"], true);
    verify(&app, &token).await.problem(400, "invalid_link");
    assert_eq!(me(&ada).await["email_verified"], true);
}

async fn a_link_leads_to_the_page_of_this_service(app: App) {
    // Whoever asks does not say where the link leads.
    let forged = app.api().register(EMAIL, json!({})).header(reqwest::header::HOST, "evil.example");
    forged.header(reqwest::header::HeaderName::from_static("x-forwarded-host"), "evil.example").await.expect(201);
    let mail = app.mail(Letter::VerifyEmail, EMAIL);
    assert_eq!(mail.link().origin(), app.origin().origin());
    assert_eq!(mail.link().path(), "/verify-email");
    assert!(!mail.text.contains("evil.example"), "{}", mail.text);
}

async fn of_32_uses_at_once_one_succeeds(app: App) {
    let ada = app.register(EMAIL).await;
    let token = app.mailed_token(Letter::VerifyEmail, EMAIL);
    let mut uses = JoinSet::new();
    for _ in 0..32 {
        uses.spawn(verify(&app, &token).into_future());
    }
    let mut verified = 0;
    for answer in uses.join_all().await {
        match answer.status {
            204 => verified += 1,
            _ => {
                answer.problem(400, "invalid_link");
            }
        }
    }
    assert_eq!(verified, 1);
    assert_eq!(me(&ada).await["email_verified"], true);
    let events = app.setup().sql("SELECT kind AS text FROM audit_log WHERE kind = 'email_verified'").await;
    assert_eq!(events.len(), 1);
}

async fn a_newer_link_takes_the_place_of_the_older(app: App) {
    let ada = app.register(EMAIL).await;
    let older = app.mailed_token(Letter::VerifyEmail, EMAIL);
    app.setup().sql(&format!("UPDATE links SET created_at = {LONG_AGO}")).await;
    ask_for_verification(&app, EMAIL).await.expect(202);
    let newer = app.process().mail_number(2, Letter::VerifyEmail, EMAIL).token();
    assert_ne!(newer, older);
    verify(&app, &older).await.problem(400, "invalid_link");
    assert_eq!(me(&ada).await["email_verified"], false);
    verify(&app, &newer).await.expect(204);
    assert_eq!(me(&ada).await["email_verified"], true);
}

async fn what_is_missing_or_surplus_is_named(app: App) {
    let api = app.api();
    api.post("/auth/email/verify", json!({})).await.refused(&[("/token", "required")]);
    api.post("/auth/email/verify", json!({"token": 7})).await.refused(&[("/token", "wrong_type")]);
    let surplus = json!({"token": "x", "email": EMAIL});
    api.post("/auth/email/verify", surplus).await.refused(&[("/email", "unknown_field")]);
    api.post("/auth/email/verify", json!({"token": "a\0b"})).await.refused(&[("/token", "nul_character")]);
}
