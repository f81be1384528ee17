use contacts_application::accounts::EmailChange;
use contacts_domain::session::CurrentUser;
use paperclip::actix::{api_v2_operation, web::Data};

use super::PasswordAsked;
use crate::{
    dto::account_request::Accepted,
    input::{Authenticated, CallerInfo, JsonBody},
    responder::{Answer, Pending, Refused},
    state::State,
};

/// Ask for another e-mail
///
/// A link is mailed to the new one, which counts once its token is sent to `POST /api/v1/auth/email/verify`. Whether
/// somebody else has it already is told then. The present one is told that it was asked for.
#[api_v2_operation(tags(Accounts), operation_id = "changeEmail")]
pub(super) async fn change_email(
    state: Data<State>,
    request: Authenticated<(JsonBody<EmailChange>, CallerInfo)>,
) -> Result<Answer<Accepted, Pending>, Refused<PasswordAsked>> {
    let Authenticated { user, session, input: (body, CallerInfo(caller)) } = request;
    let current = CurrentUser { user, session };
    state
        .run(move |application| async move {
            application.accounts.change_email.execute(&current, body.value, caller).await
        })
        .await?;
    Ok(Answer::pending(Accepted::ANSWER))
}
