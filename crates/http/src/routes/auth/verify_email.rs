use contacts_application::accounts::LinkRequest;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    input::{Anonymous, CallerInfo, JsonBody},
    problem::Code,
    responder::{NoContent, Refusals, Refused},
    state::State,
};

pub(super) struct Unusable;

impl Refusals for Unusable {
    const CODES: &'static [Code] = &[Code::InvalidLink, Code::EmailTaken];
}

/// Verify an e-mail
///
/// With the token of the link that was mailed there. It verifies the e-mail of an account, or gives the account the
/// new one that was asked for. A token works once.
#[api_v2_operation(tags(Accounts), operation_id = "verifyEmail")]
pub(super) async fn verify_email(
    state: Data<State>,
    request: Anonymous<(JsonBody<LinkRequest>, CallerInfo)>,
) -> Result<NoContent, Refused<Unusable>> {
    let Anonymous((body, CallerInfo(caller))) = request;
    state
        .run(move |application| async move { application.accounts.verify_email.execute(body.value, caller).await })
        .await?;
    Ok(NoContent)
}
