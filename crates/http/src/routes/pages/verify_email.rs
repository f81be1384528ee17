use actix_web::{HttpResponse, web::Data};
use contacts_application::accounts::LinkRequest;

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
    token.page(language, pages::verify_email)
}

/// Verifies an address, or changes it to the one that the link was mailed to.
pub(super) async fn confirm(
    state: Data<State>,
    request: Anonymous<(FormBody<LinkRequest>, PreferredLanguage, CallerInfo)>,
) -> Result<HttpResponse, Problem> {
    let Anonymous((form, PreferredLanguage(language), CallerInfo(caller))) = request;
    state
        .run(move |application| async move { application.accounts.verify_email.execute(form.value, caller).await })
        .await?;
    Ok(pages::notice(HttpResponse::Ok(), Notice::EmailConfirmed, language))
}
