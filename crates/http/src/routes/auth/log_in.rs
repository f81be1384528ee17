use contacts_application::sessions::LoginAttempt;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::token::Tokens,
    input::{Anonymous, CallerInfo, OAuthBody},
    media_types::FORM,
    problem::Code,
    responder::{Answer, Refusals, Refused, Secret},
    state::State,
};

pub(super) struct Unknown;

impl Refusals for Unknown {
    const CODES: &'static [Code] = &[Code::InvalidCredentials, Code::EmailNotVerified, Code::Busy];
}

/// Log in
///
/// With e-mail and password as JSON, or as the form of OAuth2's password flow. An unknown e-mail and a wrong
/// password are answered alike. Where the deployment asks for it, the e-mail must have been verified.
#[api_v2_operation(tags(Accounts), operation_id = "logIn")]
pub(super) async fn log_in(
    state: Data<State>,
    request: Anonymous<(OAuthBody<LoginAttempt>, CallerInfo)>,
) -> Result<Answer<Tokens, Secret>, Refused<Unknown>> {
    let Anonymous((body, CallerInfo(caller))) = request;
    let form = body.media_type == FORM;
    let answer = state
        .run(move |application| async move { application.sessions.log_in.execute(body.value, caller).await })
        .await;
    // In OAuth2's form the e-mail has another name.
    let tokens = answer.map_err(|problem| if form { problem.renamed("/email", "/username") } else { problem })?;
    Ok(Answer::secret(tokens.into()))
}
