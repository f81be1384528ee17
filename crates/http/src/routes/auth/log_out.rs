use contacts_application::Error;
use contacts_domain::session::CurrentUser;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    input::{Authenticated, CallerInfo, NoQuery},
    responder::{NoContent, Refused},
    state::State,
};

/// Log out
///
/// Ends the session that the token belongs to: neither its access tokens nor its refresh token work any more.
#[api_v2_operation(tags(Accounts), operation_id = "logOut")]
pub(super) async fn log_out(
    state: Data<State>,
    request: Authenticated<(NoQuery, CallerInfo)>,
) -> Result<NoContent, Refused> {
    let Authenticated { user, session, input: (NoQuery, CallerInfo(caller)) } = request;
    let current = CurrentUser { user, session };
    state
        .run(move |application| async move {
            match application.sessions.end.execute(&current, session, caller).await {
                // It ended in the meantime, as was wished.
                Err(Error::NotFound) => Ok(()),
                ended => ended,
            }
        })
        .await?;
    Ok(NoContent)
}
