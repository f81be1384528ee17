//! `POST /users/me/email`: an address is changed by whoever reads the new one.

use serde_json::json;

use super::{EMAIL, NEW_PASSWORD, ask_for_reset, me, reset, verify};
use crate::harness::{App, Client, LONG_AGO, Letter, PASSWORD, Request, on_both_databases};

on_both_databases!(
    the_new_address_confirms_and_the_old_one_is_told,
    links_of_the_old_address_stop_working,
    an_address_that_was_taken_meanwhile_stays_with_whoever_has_it,
    whether_an_address_is_taken_is_not_told_when_it_is_asked_for,
    the_case_of_the_own_address_can_be_changed,
    a_later_wish_takes_the_place_of_an_earlier_one,
    a_wrong_password_or_address_asks_for_nothing,
);

const NEW_EMAIL: &str = "countess@example.com";

fn change(client: &Client, new_email: &str, password: &str) -> Request {
    client.post("/users/me/email", json!({"new_email": new_email, "password": password}))
}

async fn the_new_address_confirms_and_the_old_one_is_told(app: App) {
    let ada = app.register(EMAIL).await;
    change(&ada, NEW_EMAIL, PASSWORD).await.expect(202);
    let told = app.mail(Letter::EmailChangeRequested, EMAIL);
    assert!(told.text.contains(NEW_EMAIL), "{}", told.text);
    let link = app.mail(Letter::ConfirmNewEmail, NEW_EMAIL);
    assert_eq!(link.link().path(), "/verify-email");
    assert_eq!(me(&ada).await["email"], EMAIL, "nothing happens before it is confirmed");

    verify(&app, &link.token()).await.expect(204);
    let changed = me(&ada).await;
    assert_eq!((&changed["email"], &changed["email_verified"]), (&json!(NEW_EMAIL), &json!(true)));
    assert!(app.mail(Letter::EmailChanged, EMAIL).text.contains(NEW_EMAIL));
    verify(&app, &link.token()).await.problem(400, "invalid_link");

    app.session(NEW_EMAIL).await.assert_alive().await;
    app.api().log_in(EMAIL, PASSWORD).await.problem(401, "invalid_credentials");
    // The old address is free for anybody.
    app.register(EMAIL).await;
}

async fn links_of_the_old_address_stop_working(app: App) {
    let ada = app.register(EMAIL).await;
    let for_verifying = app.mailed_token(Letter::VerifyEmail, EMAIL);
    ask_for_reset(&app, EMAIL).await.expect(202);
    let for_a_reset = app.mailed_token(Letter::ResetPassword, EMAIL);
    change(&ada, NEW_EMAIL, PASSWORD).await.expect(202);
    verify(&app, &app.mailed_token(Letter::ConfirmNewEmail, NEW_EMAIL)).await.expect(204);

    reset(&app, &for_a_reset, NEW_PASSWORD).await.problem(400, "invalid_link");
    verify(&app, &for_verifying).await.problem(400, "invalid_link");
    assert_eq!(me(&ada).await["email"], NEW_EMAIL);
    app.session(NEW_EMAIL).await.assert_alive().await;
}

async fn an_address_that_was_taken_meanwhile_stays_with_whoever_has_it(app: App) {
    let ada = app.register(EMAIL).await;
    change(&ada, NEW_EMAIL, PASSWORD).await.expect(202);
    let token = app.mailed_token(Letter::ConfirmNewEmail, NEW_EMAIL);
    let countess = app.register("Countess@Example.com").await;
    verify(&app, &token).await.problem(409, "email_taken");
    assert_eq!(me(&ada).await["email"], EMAIL);
    assert_eq!(me(&countess).await["email"], "Countess@Example.com");
    // Nothing was done, so that the link is as good as before.
    countess.post("/users/me/delete", json!({"password": PASSWORD})).await.expect(204);
    verify(&app, &token).await.expect(204);
    assert_eq!(me(&ada).await["email"], NEW_EMAIL);
}

async fn whether_an_address_is_taken_is_not_told_when_it_is_asked_for(app: App) {
    let ada = app.register(EMAIL).await;
    app.register(NEW_EMAIL).await;
    let answers = [
        change(&ada, NEW_EMAIL, PASSWORD).await.expect(202),
        change(&ada, "nobody@example.com", PASSWORD).await.expect(202),
        change(&ada, EMAIL, PASSWORD).await.expect(202),
    ];
    let [taken, free, own] = answers.map(super::told);
    assert_eq!(taken, free);
    assert_eq!(own, free);
}

async fn the_case_of_the_own_address_can_be_changed(app: App) {
    let ada = app.register(EMAIL).await;
    change(&ada, "Ada@Example.com", PASSWORD).await.expect(202);
    verify(&app, &app.mailed_token(Letter::ConfirmNewEmail, "Ada@Example.com")).await.expect(204);
    assert_eq!(me(&ada).await["email"], "Ada@Example.com");
    app.session(EMAIL).await.assert_alive().await;
}

async fn a_later_wish_takes_the_place_of_an_earlier_one(app: App) {
    let ada = app.register(EMAIL).await;
    change(&ada, "slip@example.com", PASSWORD).await.expect(202);
    let earlier = app.mailed_token(Letter::ConfirmNewEmail, "slip@example.com");
    app.setup().sql(&format!("UPDATE links SET created_at = {LONG_AGO}")).await;
    change(&ada, NEW_EMAIL, PASSWORD).await.expect(202);
    let later = app.mailed_token(Letter::ConfirmNewEmail, NEW_EMAIL);
    verify(&app, &earlier).await.problem(400, "invalid_link");
    verify(&app, &later).await.expect(204);
    assert_eq!(me(&ada).await["email"], NEW_EMAIL);
}

async fn a_wrong_password_or_address_asks_for_nothing(app: App) {
    let ada = app.register(EMAIL).await;
    app.mail(Letter::VerifyEmail, EMAIL);
    change(&ada, NEW_EMAIL, "Wrong-Password-1").await.problem(403, "wrong_password");
    change(&ada, "nobody", PASSWORD).await.refused(&[("/new_email", "invalid_email")]);
    let header = change(&ada, "a@b.example\r\nBcc: eve@example.com", PASSWORD).await;
    header.refused(&[("/new_email", "control_character")]);
    ada.post("/users/me/email", json!({})).await.refused(&[("/new_email", "required"), ("/password", "required")]);
    change(&app.api(), NEW_EMAIL, PASSWORD).await.problem(401, "unauthenticated");
    let ordered = "SELECT subject AS text FROM outbox WHERE subject <> 'verify_email'";
    assert_eq!(app.setup().sql(ordered).await, [] as [String; 0]);
    assert_eq!(app.setup().sql("SELECT purpose AS text FROM links").await, ["verify_email"]);
}
