//! Opening a link, and pressing its button.

use reqwest::header::{HeaderName, ORIGIN, REFERER};
use serde_json::json;

use super::{EMAIL, NEW_PASSWORD, PATHS, open, send};
use crate::harness::{App, Letter, PASSWORD, Session, Setup, on_both_databases};

on_both_databases!(
    opening_a_link_uses_nothing_up_and_its_button_does,
    a_password_is_chosen_on_the_page,
    a_changed_address_is_confirmed_on_the_page,
    a_refused_password_is_asked_for_again,
    a_browser_that_hides_where_it_comes_from_may_send_the_form,
    the_stylesheet_is_there,
);

async fn opening_a_link_uses_nothing_up_and_its_button_does(app: App) {
    let ada = app.register(EMAIL).await;
    let mail = app.mail(Letter::VerifyEmail, EMAIL);
    let token = mail.token();
    // As programs do that look through somebody's mail.
    for _ in 0..3 {
        let page = open(&app, mail.link().path(), &token).await.expect(200);
        assert!(page.text().contains("<form") && page.text().contains(&token), "{page}");
        app.root().head("/verify-email").query(&[("token", &token)]).await.expect(200);
    }
    assert_eq!(ada.get("/users/me").await.expect(200).json()["email_verified"], false);

    let page = send(&app, "/verify-email", &[("token", &token)]).await.expect(200);
    assert!(page.text().contains("Your e-mail address is confirmed") && !page.text().contains(&token), "{page}");
    assert_eq!(ada.get("/users/me").await.expect(200).json()["email_verified"], true);
    let page = send(&app, "/verify-email", &[("token", &token)]).await.expect(400);
    assert!(page.text().contains("This link does not work any more"), "{page}");
    // Nothing is asked of the database, so that the page itself still opens.
    open(&app, "/verify-email", &token).await.expect(200);
    app.api().post("/auth/email/verify", json!({"token": token})).await.problem(400, "invalid_link");
}

async fn a_password_is_chosen_on_the_page(app: App) {
    app.register(EMAIL).await;
    let session = app.session(EMAIL).await;
    app.api().post("/auth/password/forgot", json!({"email": EMAIL})).await.expect(202);
    let mail = app.mail(Letter::ResetPassword, EMAIL);
    let token = mail.token();
    let page = open(&app, mail.link().path(), &token).await.expect(200);
    assert!(page.text().contains(r#"type="password""#), "{page}");
    session.assert_alive().await;

    let fields = [("token", token.as_str()), ("new_password", NEW_PASSWORD)];
    let page = send(&app, "/reset-password", &fields).await.expect(200);
    assert!(page.text().contains("Your password is changed"), "{page}");
    assert!(!page.text().contains(NEW_PASSWORD) && !page.text().contains(&token), "{page}");
    session.assert_ended().await;
    Session::begin(&app.api(), EMAIL, NEW_PASSWORD).await.assert_alive().await;
    send(&app, "/reset-password", &fields).await.expect(400);
}

async fn a_changed_address_is_confirmed_on_the_page(app: App) {
    let ada = app.register(EMAIL).await;
    let change = json!({"new_email": "countess@example.com", "password": PASSWORD});
    ada.post("/users/me/email", change).await.expect(202);
    let mail = app.mail(Letter::ConfirmNewEmail, "countess@example.com");
    open(&app, mail.link().path(), &mail.token()).await.expect(200);
    send(&app, mail.link().path(), &[("token", &mail.token())]).await.expect(200);
    assert_eq!(ada.get("/users/me").await.expect(200).json()["email"], "countess@example.com");
}

async fn a_refused_password_is_asked_for_again(app: App) {
    app.register(EMAIL).await;
    app.api().post("/auth/password/forgot", json!({"email": EMAIL})).await.expect(202);
    let token = app.mailed_token(Letter::ResetPassword, EMAIL);
    for weak in ["", "1234567", "sunshine", &"x".repeat(257)] {
        let page = send(&app, "/reset-password", &[("token", &token), ("new_password", weak)]).await.expect(422);
        assert!(page.text().contains(r#"role="alert""#) && page.text().contains(&token), "{page}");
        assert!(weak.is_empty() || !page.text().contains(weak), "a password never comes back: {page}");
    }
    send(&app, "/reset-password", &[("token", &token), ("new_password", NEW_PASSWORD)]).await.expect(200);
}

/// With `Referrer-Policy: no-referrer` a browser sends `Origin: null`, also where nothing else may be asked
/// from another origin.
async fn a_browser_that_hides_where_it_comes_from_may_send_the_form(setup: Setup) {
    let app = setup.env("CORS_ALLOWED_ORIGINS", "https://app.example.com").start();
    app.register(EMAIL).await;
    let token = app.mailed_token(Letter::VerifyEmail, EMAIL);
    let request = send(&app, "/verify-email", &[("token", &token)]).header(ORIGIN, "null").header(REFERER, "");
    let page = request.header(HeaderName::from_static("sec-fetch-site"), "same-origin").await.expect(200);
    assert_eq!(page.header("access-control-allow-origin"), "");
}

async fn the_stylesheet_is_there(app: App) {
    for path in PATHS {
        let page = open(&app, path, "x").await.expect(200);
        assert!(page.text().contains(r#"href="pages/style.css""#), "{page}");
    }
    let style = app.root().get("/pages/style.css").await.expect(200);
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    app.root().head("/pages/style.css").await.expect(200);
}
