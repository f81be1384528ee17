use contacts_domain::{contact::Contact as DomainContact, contact_draft::ContactDraft, precondition::EntityTag};
use paperclip::actix::{api_v2_operation, web::Data};

use super::Quota;
use crate::{
    dto::contact::Contact,
    input::{Authenticated, Keyed},
    responder::{Answer, AnsweredOnce, Created, Refused},
    state::State,
};

/// Create a contact
#[api_v2_operation(tags(Contacts), operation_id = "createContact")]
pub(super) async fn create(
    state: Data<State>,
    request: Authenticated<Keyed<ContactDraft>>,
) -> Result<AnsweredOnce<Contact, Created>, Refused<Quota>> {
    let Authenticated { user, input: Keyed { value: draft, key, .. }, .. } = request;
    let once = key.once(user.id, created);
    let done = state
        .in_place(move |application| async move { application.contacts.create.execute(&user, draft, once).await })
        .await?;
    Ok(AnsweredOnce::new(done, created))
}

fn created(contact: &DomainContact) -> Answer<Contact, Created> {
    let location = format!("/api/v1/contacts/{}", contact.id);
    Answer::created(location, Contact::from(contact), &EntityTag::of(contact))
}
