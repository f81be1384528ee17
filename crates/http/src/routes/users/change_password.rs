use contacts_application::accounts::PasswordChange;
use contacts_domain::session::CurrentUser;
use paperclip::actix::{api_v2_operation, web::Data};

use super::PasswordAsked;
use crate::{
    input::{Authenticated, CallerInfo, JsonBody},
    responder::{NoContent, Refused},
    state::State,
};

/// Change the caller's password
///
/// Every other session of the caller ends; this one goes on.
#[api_v2_operation(tags(Accounts), operation_id = "changePassword")]
pub(super) async fn change_password(
    state: Data<State>,
    request: Authenticated<(JsonBody<PasswordChange>, CallerInfo)>,
) -> Result<NoContent, Refused<PasswordAsked>> {
    let Authenticated { user, session, input: (body, CallerInfo(caller)) } = request;
    let current = CurrentUser { user, session };
    state
        .run(move |application| async move {
            application.accounts.change_password.execute(&current, body.value, caller).await
        })
        .await?;
    Ok(NoContent)
}
