use contacts_domain::contact_draft::ContactDraft;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::contact::Contact,
    input::{Authenticated, JsonBody},
    responder::{Answer, Made, Refused},
    state::State,
};

/// Create a contact
#[api_v2_operation(tags(Contacts), operation_id = "createContact")]
pub(super) async fn create(
    state: Data<State>,
    request: Authenticated<JsonBody<ContactDraft>>,
) -> Result<Answer<Contact, Made>, Refused> {
    let Authenticated { user, input: body, .. } = request;
    let contact = state
        .run(move |application| async move { application.contacts.create.execute(&user, body.value).await })
        .await?;
    Ok(Answer::made(format!("/api/v1/contacts/{}", contact.id), Contact::from(&contact)))
}
