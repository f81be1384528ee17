use contacts_application::sessions::RefreshRequest;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::token::Tokens,
    input::{Anonymous, CallerInfo, JsonBody},
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
    request: Anonymous<(JsonBody<RefreshRequest>, CallerInfo)>,
) -> Result<Answer<Tokens, Secret>, Refused<Invalid>> {
    let Anonymous((body, CallerInfo(caller))) = request;
    let tokens = state
        .run(move |application| async move { application.sessions.refresh.execute(body.value, caller).await })
        .await?;
    Ok(Answer::secret(tokens.into()))
}
