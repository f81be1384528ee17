use contacts_domain::contact_patch::ContactPatch;
use paperclip::actix::{api_v2_operation, web::Data};

use super::current;
use crate::{
    dto::contact::Contact,
    input::{Authenticated, Conditional, ContactPath, MergePatchBody},
    responder::{Answer, Current, Refused},
    state::State,
};

/// Change some fields of a contact
///
/// Only the named fields change, null clears one. A patch that changes nothing leaves `updated_at` and `ETag`
/// alone. With `If-Match`, nobody's edit is lost.
#[api_v2_operation(tags(Contacts), operation_id = "patchContact")]
pub(super) async fn patch(
    state: Data<State>,
    request: Authenticated<(ContactPath, Conditional, MergePatchBody<ContactPatch>)>,
) -> Result<Answer<Contact, Current>, Refused> {
    let Authenticated { user, input: (ContactPath(id), Conditional(wanted), body), .. } = request;
    let contact = state
        .in_place(
            move |application| async move { application.contacts.patch.execute(&user, id, body.value, &wanted).await },
        )
        .await?;
    Ok(current(&contact))
}
