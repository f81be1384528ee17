use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    input::{Authenticated, Conditional, ContactPath, NoQuery},
    responder::{NoContent, Refused},
    state::State,
};

/// Delete a contact
///
/// It is gone from every list, and can be restored for 30 days. Deleting it again finds nothing.
#[api_v2_operation(tags(Contacts), operation_id = "deleteContact")]
pub(super) async fn delete(
    state: Data<State>,
    request: Authenticated<(ContactPath, Conditional, NoQuery)>,
) -> Result<NoContent, Refused> {
    let Authenticated { user, input: (ContactPath(id), Conditional(wanted), NoQuery), .. } = request;
    state
        .in_place(move |application| async move { application.contacts.delete.execute(user.id, id, &wanted).await })
        .await?;
    Ok(NoContent)
}
