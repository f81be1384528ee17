use contacts_application::accounts::AddressRequest;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::account_request::Accepted,
    input::{Anonymous, JsonBody},
    responder::{Answer, Pending, Refused},
    state::State,
};

/// Ask for the link that sets another password
///
/// It is mailed where there is an account with this e-mail. The answer is the same for every address.
#[api_v2_operation(tags(Accounts), operation_id = "forgotPassword")]
pub(super) async fn forgot_password(
    state: Data<State>,
    request: Anonymous<JsonBody<AddressRequest>>,
) -> Result<Answer<Accepted, Pending>, Refused> {
    let Anonymous(body) = request;
    state.run(move |application| async move { application.accounts.forgot_password.execute(body.value).await }).await?;
    Ok(Answer::pending(Accepted::ANSWER))
}
