use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::contact::Contact,
    input::{Authenticated, ContactPath, NoQuery},
    responder::{Answer, Refused},
    state::State,
};

/// One contact
#[api_v2_operation(tags(Contacts), operation_id = "getContact")]
pub(super) async fn get(
    state: Data<State>,
    request: Authenticated<(ContactPath, NoQuery)>,
) -> Result<Answer<Contact>, Refused> {
    let Authenticated { user, input: (ContactPath(id), NoQuery), .. } = request;
    let contact =
        state.run(move |application| async move { application.contacts.get.execute(user.id, id).await }).await?;
    Ok(Answer::found(Contact::from(&contact)))
}
