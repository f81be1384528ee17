use contacts_application::contacts::Found;
use paperclip::actix::{api_v2_operation, web::Data};

use super::current;
use crate::{
    dto::contact::Contact,
    input::{Authenticated, Conditional, ContactPath, NoQuery},
    responder::{MaybeModified, Refused},
    state::State,
};

/// One contact
#[api_v2_operation(tags(Contacts), operation_id = "getContact")]
pub(super) async fn get(
    state: Data<State>,
    request: Authenticated<(ContactPath, Conditional, NoQuery)>,
) -> Result<MaybeModified<Contact>, Refused> {
    let Authenticated { user, input: (ContactPath(id), Conditional(wanted), NoQuery), .. } = request;
    let found = state
        .in_place(move |application| async move { application.contacts.get.execute(user.id, id, &wanted).await })
        .await?;
    Ok(match found {
        Found::Contact(contact) => MaybeModified::Current(current(&contact)),
        Found::NotModified(tag) => MaybeModified::NotModified(tag),
    })
}
