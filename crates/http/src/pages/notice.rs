use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;
use contacts_domain::language::Language;

use super::with_page;

/// What a page says that asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    EmailConfirmed,
    PasswordChanged,
    /// The address of the page is not the whole link.
    LinkIncomplete,
    LinkInvalid,
    EmailTaken,
    FormUnreadable,
    TooSlow,
    TooOften,
    Busy,
    NotPossible,
    Failed,
}

impl Notice {
    #[cfg(test)]
    pub(super) const ALL: [Self; 11] = [
        Self::EmailConfirmed,
        Self::PasswordChanged,
        Self::LinkIncomplete,
        Self::LinkInvalid,
        Self::EmailTaken,
        Self::FormUnreadable,
        Self::TooSlow,
        Self::TooOften,
        Self::Busy,
        Self::NotPossible,
        Self::Failed,
    ];

    /// Title and text.
    const fn words(self, language: Language) -> (&'static str, &'static str) {
        match language {
            Language::English => self.english(),
            Language::Polish => self.polish(),
        }
    }

    const fn english(self) -> (&'static str, &'static str) {
        match self {
            Self::EmailConfirmed => ("Your e-mail address is confirmed", "Thank you. You can close this page."),
            Self::PasswordChanged => {
                ("Your password is changed", "Log in with the new password. You were logged out everywhere.")
            }
            Self::LinkIncomplete => {
                ("This link is not complete", "Open the link from the mail again, or copy all of it.")
            }
            Self::LinkInvalid => (
                "This link does not work any more",
                "It was used already, is too old, or was replaced by a newer one. Ask for a new link.",
            ),
            Self::EmailTaken => ("This e-mail address is taken", "Another account has this address already."),
            Self::FormUnreadable => ("The form could not be read", "Open the link from the mail again."),
            Self::TooSlow => ("That took too long", "Open the link from the mail again."),
            Self::TooOften => ("Too many requests", "Wait a moment, then go back and try again."),
            Self::Busy => ("One moment, please", "The service cannot answer now. Go back and try again in a moment."),
            Self::NotPossible => ("This is not possible here", "Open the link from the mail again."),
            Self::Failed => ("Something went wrong", "The fault is ours. Try again later."),
        }
    }

    const fn polish(self) -> (&'static str, &'static str) {
        match self {
            Self::EmailConfirmed => ("Adres e-mail został potwierdzony", "Dziękujemy. Możesz zamknąć tę stronę."),
            Self::PasswordChanged => (
                "Hasło zostało zmienione",
                "Zaloguj się nowym hasłem. Wszystkie dotychczasowe sesje zostały zakończone.",
            ),
            Self::LinkIncomplete => {
                ("Ten link jest niepełny", "Otwórz link z wiadomości jeszcze raz albo skopiuj go w całości.")
            }
            Self::LinkInvalid => (
                "Ten link już nie działa",
                "Został już użyty, stracił ważność albo zastąpił go nowszy. Poproś o nowy link.",
            ),
            Self::EmailTaken => ("Ten adres e-mail jest zajęty", "Inne konto ma już ten adres."),
            Self::FormUnreadable => ("Nie udało się odczytać formularza", "Otwórz link z wiadomości jeszcze raz."),
            Self::TooSlow => ("Trwało to zbyt długo", "Otwórz link z wiadomości jeszcze raz."),
            Self::TooOften => ("Zbyt wiele prób", "Odczekaj chwilę, wróć i spróbuj ponownie."),
            Self::Busy => ("Chwileczkę", "Usługa nie może teraz odpowiedzieć. Wróć i spróbuj ponownie za chwilę."),
            Self::NotPossible => ("Tutaj nie można tego zrobić", "Otwórz link z wiadomości jeszcze raz."),
            Self::Failed => ("Coś poszło nie tak", "To błąd po naszej stronie. Spróbuj ponownie później."),
        }
    }
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage {
    language: Language,
    title: &'static str,
    text: &'static str,
}

/// Ends an answer with a page that says this.
pub(crate) fn notice(answer: HttpResponseBuilder, said: Notice, language: Language) -> HttpResponse {
    let (title, text) = said.words(language);
    with_page(answer, &NoticePage { language, title, text })
}
