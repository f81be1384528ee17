use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    input::{Authenticated, LabelPath, NoQuery},
    responder::{NoContent, Refused},
    state::State,
};

/// Delete a label
///
/// From every contact that has it, all at once. The contacts stay.
#[api_v2_operation(tags(Contacts), operation_id = "deleteLabel")]
pub(super) async fn delete_label(
    state: Data<State>,
    request: Authenticated<(LabelPath, NoQuery)>,
) -> Result<NoContent, Refused> {
    let Authenticated { user, input: (LabelPath(label), NoQuery), .. } = request;
    state
        .run(move |application| async move { application.contacts.delete_label.execute(user.id, &label).await })
        .await?;
    Ok(NoContent)
}
