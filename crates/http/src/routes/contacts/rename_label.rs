use contacts_domain::labels::LabelChange;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::label::LabelCount,
    input::{Authenticated, LabelPath, MergePatchBody},
    responder::{Answer, Refused},
    state::State,
};

/// Rename a label
///
/// On every contact that has it, all at once. Where a contact has the other label already, the two become one.
#[api_v2_operation(tags(Contacts), operation_id = "renameLabel")]
pub(super) async fn rename_label(
    state: Data<State>,
    request: Authenticated<(LabelPath, MergePatchBody<LabelChange>)>,
) -> Result<Answer<LabelCount>, Refused> {
    let Authenticated { user, input: (LabelPath(label), body), .. } = request;
    let count =
        state
            .run(move |application| async move {
                application.contacts.rename_label.execute(user.id, &label, body.value).await
            })
            .await?;
    Ok(Answer::found(LabelCount::from(&count)))
}
