use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::account::User,
    input::{Authenticated, NoQuery},
    responder::{Answer, Refused},
    state::State,
};

/// The account of the caller
#[api_v2_operation(tags(Accounts), operation_id = "getMe")]
pub(super) async fn get_me(state: Data<State>, request: Authenticated<NoQuery>) -> Result<Answer<User>, Refused> {
    let Authenticated { user, input: NoQuery, .. } = request;
    Ok(Answer::found(User::new(&user, state.public_url())))
}
