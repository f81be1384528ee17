//! Asking for a link again: nobody's mailbox is filled at anybody's wish.

use super::{EMAIL, ask_for_reset, ask_for_verification, verify};
use crate::harness::{LOG_DELIVERIES, LONG_AGO, Letter, Setup, on_both_databases};

on_both_databases!(
    within_a_minute_nothing_more_is_sent,
    after_a_minute_a_link_is_sent_again,
    a_verified_address_is_sent_no_link_to_verify_it,
    an_address_without_an_account_is_sent_nothing,
);

async fn within_a_minute_nothing_more_is_sent(setup: Setup) {
    let app = setup.env(LOG_DELIVERIES.0, LOG_DELIVERIES.1).start();
    app.register(EMAIL).await;
    let token = app.mailed_token(Letter::VerifyEmail, EMAIL);
    for _ in 0..5 {
        ask_for_verification(&app, EMAIL).await.expect(202);
    }
    assert_eq!(app.process().deliveries(6), ["Dropped", "Dropped", "Dropped", "Dropped", "Dropped", "Sent"]);
    // The one that was sent is still the one that counts.
    verify(&app, &token).await.expect(204);

    // Each purpose is counted by itself.
    for _ in 0..3 {
        ask_for_reset(&app, EMAIL).await.expect(202);
    }
    let deliveries = app.process().deliveries(9);
    assert_eq!(deliveries.iter().filter(|delivery| *delivery == "Sent").count(), 2, "{deliveries:?}");
}

async fn after_a_minute_a_link_is_sent_again(setup: Setup) {
    let app = setup.start();
    app.register(EMAIL).await;
    app.mail(Letter::VerifyEmail, EMAIL);
    app.setup().sql(&format!("UPDATE links SET created_at = {LONG_AGO}")).await;
    ask_for_verification(&app, "ADA@example.com").await.expect(202);
    // To the address as its owner writes it.
    let token = app.process().mail_number(2, Letter::VerifyEmail, EMAIL).token();
    verify(&app, &token).await.expect(204);
}

async fn a_verified_address_is_sent_no_link_to_verify_it(setup: Setup) {
    let app = setup.env(LOG_DELIVERIES.0, LOG_DELIVERIES.1).start();
    app.register(EMAIL).await;
    let token = app.mailed_token(Letter::VerifyEmail, EMAIL);
    verify(&app, &token).await.expect(204);
    app.setup().sql(&format!("UPDATE links SET created_at = {LONG_AGO}")).await;
    ask_for_verification(&app, EMAIL).await.expect(202);
    assert_eq!(app.process().deliveries(2), ["Dropped", "Sent"]);
}

async fn an_address_without_an_account_is_sent_nothing(setup: Setup) {
    let app = setup.env(LOG_DELIVERIES.0, LOG_DELIVERIES.1).start();
    ask_for_verification(&app, "nobody@example.com").await.expect(202);
    ask_for_reset(&app, "nobody@example.com").await.expect(202);
    assert_eq!(app.process().deliveries(2), ["Dropped", "Dropped"]);
    assert_eq!(app.setup().sql("SELECT purpose AS text FROM links").await, [] as [String; 0]);
}
