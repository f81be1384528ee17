use contacts_application::accounts::RefreshRequest;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::token::Tokens,
    input::{Anonymous, JsonBody},
    problem::Code,
    responder::{Answer, Refusals, Refused, Secret},
    state::State,
};

pub(super) struct Invalid;

impl Refusals for Invalid {
    const CODES: &'static [Code] = &[Code::InvalidToken];
}

/// Exchange a refresh token for a new pair
#[api_v2_operation(tags(Accounts), operation_id = "refresh")]
pub(super) async fn refresh(
    state: Data<State>,
    request: Anonymous<JsonBody<RefreshRequest>>,
) -> Result<Answer<Tokens, Secret>, Refused<Invalid>> {
    let Anonymous(body) = request;
    let tokens =
        state.run(move |application| async move { application.accounts.refresh.execute(body.value).await }).await?;
    Ok(Answer::secret(tokens.into()))
}
