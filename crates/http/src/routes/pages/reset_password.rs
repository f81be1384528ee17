use actix_web::{HttpResponse, web::Data};
use contacts_application::accounts::PasswordReset;
use contacts_domain::language::Language;

use super::MailedToken;
use crate::{
    input::{Anonymous, CallerInfo, FormBody, PreferredLanguage, Query},
    pages::{self, Notice},
    problem::Problem,
    state::State,
};

/// The form that a link opens.
pub(super) async fn open(request: Anonymous<(Query<MailedToken>, PreferredLanguage)>) -> HttpResponse {
    let Anonymous((Query(token), PreferredLanguage(language))) = request;
    token.page(language, |language, token| pages::reset_password(language, token, None))
}

/// Sets a new password. One that is refused may be chosen better: nothing was used up.
pub(super) async fn confirm(
    state: Data<State>,
    request: Anonymous<(FormBody<PasswordReset>, PreferredLanguage, CallerInfo)>,
) -> Result<HttpResponse, Problem> {
    let Anonymous((form, PreferredLanguage(language), CallerInfo(caller))) = request;
    let token = form.value.token.clone();
    let answer = state
        .run(move |application| async move { application.accounts.reset_password.execute(form.value, caller).await })
        .await;
    match answer {
        Ok(()) => Ok(pages::notice(HttpResponse::Ok(), Notice::PasswordChanged, language)),
        Err(problem) => ask_again(problem, language, token.as_deref()),
    }
}

/// The form once more, where the password was all that was wrong.
fn ask_again(problem: Problem, language: Language, token: Option<&str>) -> Result<HttpResponse, Problem> {
    match (token, problem.fault_at("/token"), problem.fault_at("/new_password")) {
        (Some(token), None, Some(fault)) => Ok(pages::reset_password(language, token, Some(fault))),
        _ => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use contacts_domain::validation::{ValidationErrors, Violation};

    use super::*;
    use crate::problem::Code;

    fn refused(fields: &[&'static str]) -> Problem {
        let mut errors = ValidationErrors::new();
        fields.iter().for_each(|field| errors.push(Violation::required().at(*field)));
        errors.into()
    }

    #[test]
    fn a_refused_password_keeps_the_form() {
        let page = ask_again(refused(&["new_password"]), Language::English, Some("t")).unwrap();
        assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }

    #[test]
    fn without_its_token_no_form_is_kept() {
        for (problem, token) in [
            (refused(&["token", "new_password"]), None),
            (refused(&["token", "new_password"]), Some("nul\0")),
            (refused(&["new_passwort"]), Some("t")),
            (Problem::new(Code::InvalidLink), Some("t")),
        ] {
            assert!(ask_again(problem, Language::English, token).is_err());
        }
    }
}
