use contacts_domain::contact_draft::ContactDraft;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::contact::Contact,
    input::{Authenticated, ContactPath, JsonBody},
    responder::{Answer, Refused},
    state::State,
};

/// Replace a contact
///
/// The contact is then as sent: an optional field left out becomes null.
#[api_v2_operation(tags(Contacts), operation_id = "replaceContact")]
pub(super) async fn replace(
    state: Data<State>,
    request: Authenticated<(ContactPath, JsonBody<ContactDraft>)>,
) -> Result<Answer<Contact>, Refused> {
    let Authenticated { user, input: (ContactPath(id), body), .. } = request;
    let contact = state
        .run(move |application| async move { application.contacts.replace.execute(&user, id, body.value).await })
        .await?;
    Ok(Answer::found(Contact::from(&contact)))
}
