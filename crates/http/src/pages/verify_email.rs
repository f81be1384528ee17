use actix_web::HttpResponse;
use askama::Template;
use contacts_domain::language::Language;

use super::with_page;

#[derive(Template)]
#[template(path = "verify_email.html")]
struct VerifyEmailPage<'a> {
    language: Language,
    title: &'static str,
    text: &'static str,
    button: &'static str,
    token: &'a str,
}

/// Asks whether an address is to be confirmed: the link alone may be opened by a program that looks
/// through somebody's mail.
pub(crate) fn verify_email(language: Language, token: &str) -> HttpResponse {
    let (title, text, button) = match language {
        Language::English => {
            ("Confirm your e-mail address", "Press the button to confirm that this address is yours.", "Confirm")
        }
        Language::Polish => (
            "Potwierdź swój adres e-mail",
            "Naciśnij przycisk, aby potwierdzić, że ten adres należy do Ciebie.",
            "Potwierdź",
        ),
    };
    with_page(HttpResponse::Ok(), &VerifyEmailPage { language, title, text, button, token })
}
