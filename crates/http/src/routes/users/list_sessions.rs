use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::session::SessionList,
    input::{Authenticated, NoQuery},
    responder::{Answer, Refused},
    state::State,
};

/// Where the caller is logged in
///
/// The sessions that are alive. The one that was used last comes first.
#[api_v2_operation(tags(Accounts), operation_id = "listSessions")]
pub(super) async fn list_sessions(
    state: Data<State>,
    request: Authenticated<NoQuery>,
) -> Result<Answer<SessionList>, Refused> {
    let Authenticated { user, session, input: NoQuery } = request;
    let sessions =
        state.in_place(move |application| async move { application.sessions.list.execute(user.id).await }).await?;
    Ok(Answer::found(SessionList::new(&sessions, session)))
}
