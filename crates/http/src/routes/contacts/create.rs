use contacts_domain::contact_draft::ContactDraft;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::contact::Contact,
    input::{Authenticated, JsonBody, NoQuery},
    problem::Refused,
    responder::{Answer, Made},
    state::State,
};

/// Create a contact
#[api_v2_operation(tags(Contacts), operation_id = "createContact")]
pub(super) async fn create(
    state: Data<State>,
    request: Authenticated<(JsonBody<ContactDraft>, NoQuery)>,
) -> Result<Answer<Contact, Made>, Refused> {
    let Authenticated { user, input: (body, NoQuery) } = request;
    let contact =
        state.run(move |application| async move { application.contacts.create.execute(&user, body.0).await }).await?;
    Ok(Answer::made(format!("/api/v1/contacts/{}", contact.id), Contact::from(&contact)))
}
