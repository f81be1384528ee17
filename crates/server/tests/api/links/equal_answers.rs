//! Asking for a link tells nobody who has an account.

use super::{EMAIL, ask_for_reset, ask_for_verification, told, verify};
use crate::harness::{App, Letter, on_both_databases};

on_both_databases!(
    whoever_asks_for_a_link_gets_the_same_answer_for_every_address,
    a_text_that_is_no_address_is_refused,
);

async fn whoever_asks_for_a_link_gets_the_same_answer_for_every_address(app: App) {
    app.register(EMAIL).await;
    app.register("grace@example.com").await;
    let token = app.mailed_token(Letter::VerifyEmail, "grace@example.com");
    verify(&app, &token).await.expect(204);
    for ask in [ask_for_verification, ask_for_reset] {
        let expected = told(ask(&app, "nobody@example.com").await.expect(202));
        for email in [EMAIL, "ADA@Example.com", "grace@example.com", "łukasz@żółw.example", EMAIL] {
            assert_eq!(told(ask(&app, email).await), expected, "{email}");
        }
    }
}

async fn a_text_that_is_no_address_is_refused(app: App) {
    let texts = [
        ("", "too_short"),
        ("nobody", "invalid_email"),
        ("a@b@c", "invalid_email"),
        ("ada@example.com\r\nBcc: eve@example.com", "control_character"),
    ];
    for ask in [ask_for_verification, ask_for_reset] {
        for (text, code) in texts {
            ask(&app, text).await.refused(&[("/email", code)]);
        }
    }
    assert_eq!(app.setup().sql("SELECT subject AS text FROM outbox").await, [] as [String; 0]);
}
