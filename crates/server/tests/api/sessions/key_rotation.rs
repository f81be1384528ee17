//! Another `JWT_SECRET` or `PASSWORD_PEPPER`: what was made with the one before goes on, for as long as the
//! deployment wishes.

use serde_json::json;

use crate::harness::{Letter, Setup, on_both_databases};

on_both_databases!(
    tokens_and_links_of_the_key_before_still_work,
    passwords_of_the_pepper_before_still_work_and_are_hashed_anew,
);

const EMAIL: &str = "ada@example.com";
const OLD: &str = "the key of last year - longer than 32 bytes";
const NEW: &str = "the key of this year - longer than 32 bytes";

async fn tokens_and_links_of_the_key_before_still_work(setup: Setup) {
    let app = setup.env("JWT_SECRET", OLD).start();
    app.register(EMAIL).await;
    let (refreshed, used) = (app.session(EMAIL).await, app.session(EMAIL).await);
    let link = app.mailed_token(Letter::VerifyEmail, EMAIL);

    let app = app.stop().0.env("JWT_SECRET", NEW).env("JWT_PREVIOUS_SECRETS", OLD).start();
    let [access, refresh] = [used.client.token(), &refreshed.refresh_token];
    app.api().with_token(access).get("/users/me").await.expect(200);
    let tokens = app.api().refresh(refresh).await.expect(200).json();
    app.api().post("/auth/email/verify", json!({"token": link})).await.expect(204);

    // What is made now needs the new key alone; the old one is of no use any more.
    let app = app.stop().0.without_env("JWT_PREVIOUS_SECRETS").start();
    let fresh = app.api().with_token(tokens["access_token"].as_str().unwrap());
    fresh.get("/users/me").await.expect(200);
    app.api().refresh(tokens["refresh_token"].as_str().unwrap()).await.expect(200);
    app.api().with_token(access).get("/users/me").await.problem(401, "invalid_token");
    app.api().refresh(&used.refresh_token).await.problem(401, "invalid_token");
}

async fn passwords_of_the_pepper_before_still_work_and_are_hashed_anew(setup: Setup) {
    let hash = "SELECT password_hash AS text FROM users";
    let app = setup.env("PASSWORD_PEPPER", OLD).start();
    app.register(EMAIL).await;
    let before = app.setup().sql(hash).await;

    let app = app.stop().0.env("PASSWORD_PEPPER", NEW).env("PASSWORD_PREVIOUS_PEPPERS", OLD).start();
    app.api().log_in(EMAIL, "Wrong-Password-1").await.problem(401, "invalid_credentials");
    assert_eq!(app.setup().sql(hash).await, before, "only whoever knows the password has it hashed anew");
    app.session(EMAIL).await.assert_alive().await;
    assert_ne!(app.setup().sql(hash).await, before);

    let app = app.stop().0.without_env("PASSWORD_PREVIOUS_PEPPERS").start();
    app.session(EMAIL).await.assert_alive().await;
    app.api().log_in(EMAIL, "Wrong-Password-1").await.problem(401, "invalid_credentials");
}
