use contacts_domain::user_patch::UserPatch;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::account::User,
    input::{Authenticated, MergePatchBody},
    openapi::Document,
    responder::{Answer, Refused},
    state::State,
};

/// Change the caller's settings
///
/// Only the named ones change. Null clears `name` and `phone_region`; the others always have a value.
#[api_v2_operation(tags(Accounts), operation_id = "patchMe")]
pub(super) async fn patch_me(
    state: Data<State>,
    request: Authenticated<MergePatchBody<UserPatch>>,
) -> Result<Answer<User>, Refused> {
    let Authenticated { user, input: body, .. } = request;
    let changed = state
        .run(move |application| async move { application.accounts.update_profile.execute(user.id, body.value).await })
        .await?;
    Ok(Answer::found(User::new(&changed, state.public_url())))
}

pub(super) fn describe(document: &mut Document) {
    document.schema("UserChange", serde_json::json!({"description": "Changes of the named settings (RFC 7396)."}));
}
