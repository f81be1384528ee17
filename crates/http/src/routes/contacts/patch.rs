use contacts_domain::contact_patch::ContactPatch;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::contact::Contact,
    input::{Authenticated, ContactPath, MergePatchBody},
    responder::{Answer, Refused},
    state::State,
};

/// Change some fields of a contact
///
/// Only the named fields change, null clears one. A patch that changes nothing leaves `updated_at` alone.
#[api_v2_operation(tags(Contacts), operation_id = "patchContact")]
pub(super) async fn patch(
    state: Data<State>,
    request: Authenticated<(ContactPath, MergePatchBody<ContactPatch>)>,
) -> Result<Answer<Contact>, Refused> {
    let Authenticated { user, input: (ContactPath(id), body), .. } = request;
    let contact = state
        .run(move |application| async move { application.contacts.patch.execute(&user, id, body.value).await })
        .await?;
    Ok(Answer::found(Contact::from(&contact)))
}
