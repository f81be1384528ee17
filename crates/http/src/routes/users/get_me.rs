use paperclip::actix::api_v2_operation;

use crate::{
    dto::account::User,
    input::{Authenticated, NoQuery},
    responder::{Answer, Refused},
};

/// The account of the caller
#[api_v2_operation(tags(Accounts), operation_id = "getMe")]
pub(super) async fn get_me(request: Authenticated<NoQuery>) -> Result<Answer<User>, Refused> {
    let Authenticated { user, input: NoQuery } = request;
    Ok(Answer::found(User::from(&user)))
}
