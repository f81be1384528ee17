//! What a letter says, in the language of its reader.

use askama::Template;
use contacts_domain::{
    language::Language,
    mail::{Letter, MailedLink},
};

use crate::lifetime;

/// A letter, ready to be put into a message.
pub(crate) struct Written {
    pub(crate) subject: &'static str,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// Writes a letter to `name`, where one is known. What the templates are given stays text in the HTML.
pub(crate) fn write(letter: &Letter, name: Option<&str>, language: Language) -> Result<Written, askama::Error> {
    let subject = subject(letter, language);
    let lifetime = link(letter).map(|link| lifetime::in_words(link.lifetime, language)).unwrap_or_default();
    let page = &Page { language: language.tag(), subject, name, letter, lifetime };
    let (text, html) = match language {
        Language::English => (EnglishText { page }.render()?, EnglishHtml { page }.render()?),
        Language::Polish => (PolishText { page }.render()?, PolishHtml { page }.render()?),
    };
    Ok(Written { subject, text, html })
}

/// The link in a letter.
pub(crate) const fn link(letter: &Letter) -> Option<&MailedLink> {
    match letter {
        Letter::VerifyEmail(link) | Letter::ResetPassword(link) | Letter::ConfirmNewEmail(link) => Some(link),
        Letter::EmailChangeRequested { .. } | Letter::EmailChanged { .. } | Letter::PasswordChanged => None,
    }
}

/// It names nobody and holds nothing that is secret: subjects are shown on locked screens.
const fn subject(letter: &Letter, language: Language) -> &'static str {
    match (language, letter) {
        (Language::English, Letter::VerifyEmail(_)) => "Please confirm your e-mail address",
        (Language::English, Letter::ResetPassword(_)) => "Choose a new password",
        (Language::English, Letter::ConfirmNewEmail(_)) => "Please confirm your new e-mail address",
        (Language::English, Letter::EmailChangeRequested { .. }) => "Another e-mail address for your account",
        (Language::English, Letter::EmailChanged { .. }) => "Your e-mail address has been changed",
        (Language::English, Letter::PasswordChanged) => "Your password has been changed",
        (Language::Polish, Letter::VerifyEmail(_)) => "Prosimy o potwierdzenie adresu e-mail",
        (Language::Polish, Letter::ResetPassword(_)) => "Ustawienie nowego hasła",
        (Language::Polish, Letter::ConfirmNewEmail(_)) => "Prosimy o potwierdzenie nowego adresu e-mail",
        (Language::Polish, Letter::EmailChangeRequested { .. }) => "Prośba o zmianę adresu e-mail konta",
        (Language::Polish, Letter::EmailChanged { .. }) => "Adres e-mail konta został zmieniony",
        (Language::Polish, Letter::PasswordChanged) => "Hasło do konta zostało zmienione",
    }
}

/// What every template may use.
struct Page<'a> {
    language: &'static str,
    subject: &'static str,
    name: Option<&'a str>,
    letter: &'a Letter,
    /// How long the link works; empty where there is none.
    lifetime: String,
}

#[derive(Template)]
#[template(path = "en.txt")]
struct EnglishText<'a> {
    page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "en.html")]
struct EnglishHtml<'a> {
    page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "pl.txt")]
struct PolishText<'a> {
    page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "pl.html")]
struct PolishHtml<'a> {
    page: &'a Page<'a>,
}
