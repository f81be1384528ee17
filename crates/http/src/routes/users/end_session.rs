use contacts_domain::session::CurrentUser;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    input::{Authenticated, CallerInfo, NoQuery, SessionPath},
    responder::{NoContent, Refused},
    state::State,
};

/// End a session of the caller
///
/// Its tokens stop working at once. A session that has ended is not found.
#[api_v2_operation(tags(Accounts), operation_id = "endSession")]
pub(super) async fn end_session(
    state: Data<State>,
    request: Authenticated<(SessionPath, NoQuery, CallerInfo)>,
) -> Result<NoContent, Refused> {
    let Authenticated { user, session, input: (SessionPath(ended), NoQuery, CallerInfo(caller)) } = request;
    let current = CurrentUser { user, session };
    state
        .run(move |application| async move { application.sessions.end.execute(&current, ended, caller).await })
        .await?;
    Ok(NoContent)
}
