use contacts_application::accounts::AddressRequest;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::account_request::Accepted,
    input::{Anonymous, JsonBody},
    responder::{Answer, Pending, Refused},
    state::State,
};

/// Ask for the link that verifies an e-mail
///
/// It is mailed where an account with this e-mail waits for it. The answer is the same for every address.
#[api_v2_operation(tags(Accounts), operation_id = "requestVerification")]
pub(super) async fn request_verification(
    state: Data<State>,
    request: Anonymous<JsonBody<AddressRequest>>,
) -> Result<Answer<Accepted, Pending>, Refused> {
    let Anonymous(body) = request;
    state
        .run(move |application| async move { application.accounts.request_verification.execute(body.value).await })
        .await?;
    Ok(Answer::pending(Accepted::ANSWER))
}
