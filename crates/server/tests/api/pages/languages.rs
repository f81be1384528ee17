//! The pages speak the language that the browser asks for.

use reqwest::{Method, header::ACCEPT_LANGUAGE};

use super::{EMAIL, NEW_PASSWORD, PATHS, open, send};
use crate::harness::{Answer, App, Letter, on_both_databases};

on_both_databases!(each_page_is_in_the_language_that_was_asked_for, each_refusal_is_in_the_language_that_was_asked_for);

const POLISH: &str = "pl-PL, pl;q=0.9, en;q=0.5";

#[track_caller]
fn assert_polish(page: &Answer, words: &str) {
    assert!(page.text().contains(r#"<html lang="pl">"#) && page.text().contains(words), "{words}: {page}");
}

async fn each_page_is_in_the_language_that_was_asked_for(app: App) {
    app.register(EMAIL).await;
    let token = app.mailed_token(Letter::VerifyEmail, EMAIL);
    for (path, words) in PATHS.into_iter().zip(["Potwierdź swój adres e-mail", "Ustaw nowe hasło"]) {
        assert_polish(&open(&app, path, &token).header(ACCEPT_LANGUAGE, POLISH).await.expect(200), words);
        for other in ["", "en", "de, fr;q=0.5", "pl;q=0", "*"] {
            let page = open(&app, path, &token).header(ACCEPT_LANGUAGE, other).await.expect(200);
            assert!(page.text().contains(r#"<html lang="en">"#), "{other}: {page}");
        }
    }
    let request = send(&app, "/verify-email", &[("token", &token)]).header(ACCEPT_LANGUAGE, POLISH);
    assert_polish(&request.await.expect(200), "Adres e-mail został potwierdzony");
    let head = app.root().head("/verify-email").query(&[("token", "x")]).header(ACCEPT_LANGUAGE, POLISH);
    head.await.expect(200);
}

async fn each_refusal_is_in_the_language_that_was_asked_for(app: App) {
    let polish = |request: crate::harness::Request| request.header(ACCEPT_LANGUAGE, POLISH);
    for path in PATHS {
        assert_polish(&polish(app.root().get(path)).await.expect(400), "Ten link jest niepełny");
        let fields = [("token", "x"), ("new_password", NEW_PASSWORD)];
        let fields = if path == "/verify-email" { &fields[..1] } else { &fields };
        assert_polish(&polish(send(&app, path, fields)).await.expect(400), "Ten link już nie działa");
        let request = app.root().request(Method::DELETE, path);
        assert_polish(&polish(request).await.expect(405), "Tutaj nie można tego zrobić");
        let request = app.root().request(Method::POST, path).body("text/plain", "token=x");
        assert_polish(&polish(request).await.expect(415), "Nie udało się odczytać formularza");
    }
    let fields = [("token", "x"), ("new_password", "krótkie")];
    assert_polish(&polish(send(&app, "/reset-password", &fields)).await.expect(422), "To hasło jest za krótkie");
}
