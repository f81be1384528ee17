use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::label::LabelList,
    input::{Authenticated, NoQuery},
    responder::{Answer, Refused},
    state::State,
};

/// All labels
///
/// Of the caller's contacts, and how many of them have each.
#[api_v2_operation(tags(Contacts), operation_id = "listLabels")]
pub(super) async fn labels(state: Data<State>, request: Authenticated<NoQuery>) -> Result<Answer<LabelList>, Refused> {
    let Authenticated { user, input: NoQuery, .. } = request;
    let counts =
        state.in_place(move |application| async move { application.contacts.labels.execute(user.id).await }).await?;
    Ok(Answer::found(LabelList::new(&counts)))
}
