use actix_web::HttpResponse;
use askama::Template;
use contacts_domain::{language::Language, password::Password, validation::ViolationCode};

use super::with_page;

#[derive(Template)]
#[template(path = "reset_password.html")]
struct ResetPasswordPage<'a> {
    language: Language,
    title: &'static str,
    text: String,
    label: &'static str,
    button: &'static str,
    min_length: usize,
    fault: Option<String>,
    token: &'a str,
}

/// Asks for a new password; `fault` is what was wrong with the one before.
pub(crate) fn reset_password(language: Language, token: &str, fault: Option<ViolationCode>) -> HttpResponse {
    let min_length = Password::MIN_LENGTH;
    let (title, text, label, button) = match language {
        Language::English => (
            "Choose a new password",
            format!("It has at least {min_length} characters. You will be logged out everywhere."),
            "New password",
            "Save the password",
        ),
        Language::Polish => (
            "Ustaw nowe hasło",
            format!("Ma mieć co najmniej {min_length} znaków. Wszystkie dotychczasowe sesje zostaną zakończone."),
            "Nowe hasło",
            "Zapisz hasło",
        ),
    };
    let answer = if fault.is_some() { HttpResponse::UnprocessableEntity() } else { HttpResponse::Ok() };
    let fault = fault.map(|fault| explanation(fault, language));
    with_page(answer, &ResetPasswordPage { language, title, text, label, button, min_length, fault, token })
}

fn explanation(fault: ViolationCode, language: Language) -> String {
    let (min, max) = (Password::MIN_LENGTH, Password::MAX_LENGTH);
    match (fault, language) {
        (ViolationCode::Required | ViolationCode::TooShort, Language::English) => {
            format!("This password is too short: it needs at least {min} characters.")
        }
        (ViolationCode::Required | ViolationCode::TooShort, Language::Polish) => {
            format!("To hasło jest za krótkie: musi mieć co najmniej {min} znaków.")
        }
        (ViolationCode::TooLong, Language::English) => {
            format!("This password is too long: it can have at most {max} characters.")
        }
        (ViolationCode::TooLong, Language::Polish) => {
            format!("To hasło jest za długie: może mieć co najwyżej {max} znaków.")
        }
        (ViolationCode::CommonPassword, Language::English) => {
            "This is one of the passwords that everybody tries first. Choose another one.".to_owned()
        }
        (ViolationCode::CommonPassword, Language::Polish) => {
            "To jedno z haseł, które wszyscy sprawdzają jako pierwsze. Wybierz inne.".to_owned()
        }
        // Nobody types what is left; whatever it is, another password is the way out.
        (_, Language::English) => "This password cannot be used. Choose another one.".to_owned(),
        (_, Language::Polish) => "Tego hasła nie można użyć. Wybierz inne.".to_owned(),
    }
}
