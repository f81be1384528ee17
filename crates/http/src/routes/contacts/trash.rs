use actix_web::HttpRequest;
use contacts_domain::trash::TrashListRequest;
use paperclip::actix::{api_v2_operation, web::Data};

use super::list::{Paged, describe_paging};
use crate::{
    dto::trash::{TrashPage, TrashedContact},
    input::{Authenticated, Query},
    openapi::Document,
    responder::{Answer, Listed, Refused},
    state::State,
};

/// What is in the trash
///
/// Contacts that were deleted in the last 30 days and can be restored, the last deleted first.
#[api_v2_operation(tags(Contacts), operation_id = "listTrash")]
pub(super) async fn trash(
    state: Data<State>,
    request: Authenticated<Query<TrashListRequest>>,
    http: HttpRequest,
) -> Result<Answer<TrashPage, Listed>, Refused<Paged>> {
    let Authenticated { user, input: Query(wanted), .. } = request;
    let page =
        state.run(move |application| async move { application.contacts.trash.execute(user.id, wanted).await }).await?;
    let items = page.items.iter().map(TrashedContact::from).collect();
    let answer = TrashPage { items, next_cursor: page.next_cursor.clone() };
    Ok(Answer::listed(answer, &http, page.next_cursor.as_deref()))
}

pub(super) fn describe(document: &mut Document) {
    describe_paging(document, "listTrash");
}
