use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    input::{Authenticated, NoQuery},
    responder::{NoContent, Refused},
    state::State,
};

/// Empty the trash
///
/// Nothing in it can be restored any more. Answers that are kept under an `Idempotency-Key` hold what they said until
/// their 24 hours are over.
#[api_v2_operation(tags(Contacts), operation_id = "emptyTrash")]
pub(super) async fn empty_trash(state: Data<State>, request: Authenticated<NoQuery>) -> Result<NoContent, Refused> {
    let Authenticated { user, input: NoQuery, .. } = request;
    state.run(move |application| async move { application.contacts.empty_trash.execute(user.id).await }).await?;
    Ok(NoContent)
}
