use contacts_application::accounts::AccountDeletion;
use contacts_domain::session::CurrentUser;
use paperclip::actix::{api_v2_operation, web::Data};

use super::PasswordAsked;
use crate::{
    input::{Authenticated, CallerInfo, JsonBody},
    responder::{NoContent, Refused},
    state::State,
};

/// Delete the caller's account
///
/// With all contacts and sessions. It cannot be undone.
#[api_v2_operation(tags(Accounts), operation_id = "deleteMe")]
pub(super) async fn delete_me(
    state: Data<State>,
    request: Authenticated<(JsonBody<AccountDeletion>, CallerInfo)>,
) -> Result<NoContent, Refused<PasswordAsked>> {
    let Authenticated { user, session, input: (body, CallerInfo(caller)) } = request;
    let current = CurrentUser { user, session };
    state
        .run(move |application| async move { application.accounts.delete.execute(&current, body.value, caller).await })
        .await?;
    Ok(NoContent)
}
