use contacts_domain::contact_draft::ContactDraft;
use paperclip::actix::{api_v2_operation, web::Data};

use super::current;
use crate::{
    dto::contact::Contact,
    input::{Authenticated, Conditional, ContactPath, JsonBody},
    responder::{Answer, Current, Refused},
    state::State,
};

/// Replace a contact
///
/// The contact is then as sent: an optional field left out becomes null. Where nothing
/// changes, the `ETag` stays. With `If-Match`, nobody's edit is lost.
#[api_v2_operation(tags(Contacts), operation_id = "replaceContact")]
pub(super) async fn replace(
    state: Data<State>,
    request: Authenticated<(ContactPath, Conditional, JsonBody<ContactDraft>)>,
) -> Result<Answer<Contact, Current>, Refused> {
    let Authenticated { user, input: (ContactPath(id), Conditional(wanted), body), .. } = request;
    let contact = state
        .in_place(move |application| async move {
            application.contacts.replace.execute(&user, id, body.value, &wanted).await
        })
        .await?;
    Ok(current(&contact))
}
