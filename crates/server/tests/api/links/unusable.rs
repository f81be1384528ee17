//! Whatever is wrong with a link, there is one answer: none tells what it would have been good for.

use serde_json::Value;

use super::{EMAIL, NEW_PASSWORD, ask_for_reset, me, reset, verify};
use crate::harness::{Answer, App, LONG_AGO, Letter, on_both_databases};

on_both_databases!(every_link_that_does_not_work_is_answered_alike, a_link_that_is_over_does_not_work);

/// The body, without what each request has of its own.
#[track_caller]
fn body(answer: &Answer) -> Value {
    let mut problem = answer.problem(400, "invalid_link");
    problem["request_id"] = Value::Null;
    problem
}

/// The text with one character after the other replaced.
fn tampered(token: &str) -> impl Iterator<Item = String> {
    let other = |place| if token.as_bytes()[place] == b'A' { "B" } else { "A" };
    (0..token.len()).step_by(5).map(move |place| format!("{}{}{}", &token[..place], other(place), &token[place + 1..]))
}

async fn every_link_that_does_not_work_is_answered_alike(app: App) {
    let ada = app.register(EMAIL).await;
    let session = app.session(EMAIL).await;
    app.register("grace@example.com").await;
    ask_for_reset(&app, EMAIL).await.expect(202);
    let for_verifying = app.mailed_token(Letter::VerifyEmail, EMAIL);
    let for_a_reset = app.mailed_token(Letter::ResetPassword, EMAIL);
    let used = app.mailed_token(Letter::VerifyEmail, "grace@example.com");
    verify(&app, &used).await.expect(204);

    let mut unusable =
        ["", "x", "....", "żółw", ada.token(), &session.refresh_token, &used].map(str::to_owned).to_vec();
    unusable.push(format!("{for_verifying}A"));
    unusable.push(format!("{for_a_reset}="));
    unusable.push("A".repeat(64));
    unusable.push("A".repeat(100_000));
    unusable.extend(tampered(&for_verifying));
    unusable.extend(tampered(&for_a_reset));
    let expected = body(&verify(&app, &for_a_reset).await);
    assert_eq!(body(&reset(&app, &for_verifying, NEW_PASSWORD).await), expected);
    for token in unusable {
        assert_eq!(body(&verify(&app, &token).await), expected, "{token}");
        assert_eq!(body(&reset(&app, &token, NEW_PASSWORD).await), expected, "{token}");
    }
    // None of it used up what works, or did anything.
    assert_eq!(me(&ada).await["email_verified"], false);
    app.session(EMAIL).await.assert_alive().await;
    verify(&app, &for_verifying).await.expect(204);
    reset(&app, &for_a_reset, NEW_PASSWORD).await.expect(204);
}

async fn a_link_that_is_over_does_not_work(app: App) {
    let ada = app.register(EMAIL).await;
    ask_for_reset(&app, EMAIL).await.expect(202);
    let for_verifying = app.mailed_token(Letter::VerifyEmail, EMAIL);
    let for_a_reset = app.mailed_token(Letter::ResetPassword, EMAIL);
    app.setup().sql(&format!("UPDATE links SET expires_at = {LONG_AGO}")).await;
    verify(&app, &for_verifying).await.problem(400, "invalid_link");
    reset(&app, &for_a_reset, NEW_PASSWORD).await.problem(400, "invalid_link");
    assert_eq!(me(&ada).await["email_verified"], false);
}
