//! What a link holds stays between the mail and its reader.

use serde_json::{Value, json};

use super::{EMAIL, NEW_PASSWORD, PATHS, open, send};
use crate::harness::{Letter, Setup, on_both_databases};

on_both_databases!(nothing_of_a_link_is_logged_when_it_is_used);

async fn nothing_of_a_link_is_logged_when_it_is_used(setup: Setup) {
    let app = setup.env("LOG_LEVEL", "debug").start();
    app.register(EMAIL).await;
    app.api().post("/auth/password/forgot", json!({"email": EMAIL})).await.expect(202);
    let tokens = [Letter::VerifyEmail, Letter::ResetPassword].map(|letter| app.mailed_token(letter, EMAIL));
    for (path, token) in PATHS.into_iter().zip(&tokens) {
        open(&app, path, token).await.expect(200);
        app.root().head(path).query(&[("token", token)]).await.expect(200);
        app.root().get(&format!("{path}/{token}")).await.expect(404);
        app.root().request(reqwest::Method::PUT, path).query(&[("token", token)]).await.expect(405);
        send(&app, path, &[("token", token), ("new_password", NEW_PASSWORD), (token, token)]).await.expect(422);
    }
    let [verify, reset] = &tokens;
    app.api().refresh(verify).await.expect(401);
    send(&app, "/verify-email", &[("token", verify)]).await.expect(200);
    app.api().post("/auth/email/verify", json!({"token": verify})).await.expect(400);
    send(&app, "/reset-password", &[("token", reset), ("new_password", NEW_PASSWORD)]).await.expect(200);

    let (_setup, log) = app.stop();
    // Whoever develops reads the links of mails in the log, and there alone.
    let is_mail =
        |line: &str| serde_json::from_str::<Value>(line).is_ok_and(|line| line["message"] == "a mail was written");
    for line in log.lines().filter(|line| !is_mail(line)) {
        for secret in tokens.iter().map(String::as_str).chain([NEW_PASSWORD]) {
            assert!(!line.contains(secret), "{line}");
        }
    }
    assert!(log.contains("/verify-email") && log.contains("/reset-password"), "the routes are there: {log}");
}
