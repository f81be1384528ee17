use contacts_domain::user::Registration;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::account::User,
    input::{Anonymous, CallerInfo, JsonBody, PreferredLanguage},
    problem::Code,
    responder::{Answer, Made, Refusals, Refused},
    state::State,
};

pub(super) struct Taken;

impl Refusals for Taken {
    const CODES: &'static [Code] = &[Code::EmailTaken, Code::Busy];
}

/// Make an account
///
/// The e-mail is compared without regard to case. Several registrations of one address at once make one account.
#[api_v2_operation(tags(Accounts), operation_id = "register")]
pub(super) async fn register(
    state: Data<State>,
    request: Anonymous<(JsonBody<Registration>, PreferredLanguage, CallerInfo)>,
) -> Result<Answer<User, Made>, Refused<Taken>> {
    let Anonymous((body, PreferredLanguage(preferred_language), CallerInfo(caller))) = request;
    let registration = Registration { preferred_language, ..body.value };
    let user = state
        .run(move |application| async move { application.accounts.register.execute(registration, caller).await })
        .await?;
    Ok(Answer::made("/api/v1/users/me", User::new(&user, state.public_url())))
}
