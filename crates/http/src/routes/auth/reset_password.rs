use contacts_application::accounts::PasswordReset;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    input::{Anonymous, CallerInfo, JsonBody},
    problem::Code,
    responder::{NoContent, Refusals, Refused},
    state::State,
};

pub(super) struct Unusable;

impl Refusals for Unusable {
    const CODES: &'static [Code] = &[Code::InvalidLink, Code::Busy];
}

/// Set another password
///
/// With the token of the link that was mailed, which works once. Every session of the account ends, and its e-mail
/// counts as verified.
#[api_v2_operation(tags(Accounts), operation_id = "resetPassword")]
pub(super) async fn reset_password(
    state: Data<State>,
    request: Anonymous<(JsonBody<PasswordReset>, CallerInfo)>,
) -> Result<NoContent, Refused<Unusable>> {
    let Anonymous((body, CallerInfo(caller))) = request;
    state
        .run(move |application| async move { application.accounts.reset_password.execute(body.value, caller).await })
        .await?;
    Ok(NoContent)
}
