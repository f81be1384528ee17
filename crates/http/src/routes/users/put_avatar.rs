use contacts_domain::session::CurrentUser;
use paperclip::actix::{api_v2_operation, web::Data};
use serde_json::json;

use crate::{
    dto::account::User,
    input::{Authenticated, Upload},
    openapi::Document,
    problem::Code,
    responder::{Answer, Refusals, Refused},
    state::State,
};

pub(super) struct NoPicture;

impl Refusals for NoPicture {
    const CODES: &'static [Code] = &[Code::UnsupportedImage, Code::ImageTooLarge, Code::Busy];
}

/// Show a picture
///
/// A JPEG, PNG or WebP of at most 5 MiB and 4096 pixels in each direction. It is shown to everybody: upright,
/// its middle, 512 pixels squared, and nothing of the file but its pixels.
#[api_v2_operation(tags(Accounts), operation_id = "putAvatar")]
pub(super) async fn put_avatar(
    state: Data<State>,
    request: Authenticated<Upload>,
) -> Result<Answer<User>, Refused<NoPicture>> {
    let Authenticated { user, session, input: Upload(bytes) } = request;
    let current = CurrentUser { user, session };
    let user =
        state.run(move |application| async move { application.avatars.show.execute(&current, bytes).await }).await?;
    Ok(Answer::found(User::new(&user, state.public_url())))
}

pub(super) fn describe(document: &mut Document) {
    document.multipart(
        "putAvatar",
        json!({
            "type": "object", "required": ["file"], "additionalProperties": false,
            "properties": {"file": {"type": "string", "format": "binary"}},
        }),
    );
}
