use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    input::{Authenticated, NoQuery},
    responder::{NoContent, Refused},
    state::State,
};

/// Show no picture any more
///
/// Succeeds where there is none.
#[api_v2_operation(tags(Accounts), operation_id = "deleteAvatar")]
pub(super) async fn delete_avatar(state: Data<State>, request: Authenticated<NoQuery>) -> Result<NoContent, Refused> {
    let Authenticated { user, input: NoQuery, .. } = request;
    state.run(move |application| async move { application.avatars.hide.execute(user.id).await }).await?;
    Ok(NoContent)
}
