use actix_web::HttpRequest;
use contacts_domain::{page::Page, trash::TrashListRequest};
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
    let page = state
        .in_place(move |application| async move { application.contacts.trash.execute(user.id, wanted).await })
        .await?;
    let Page { items, next_cursor } = page;
    let items = items.into_iter().map(TrashedContact::from).collect();
    let answer = TrashPage { items, next_cursor: next_cursor.clone() };
    Ok(Answer::listed(answer, &http, next_cursor.as_deref()))
}

pub(super) fn describe(document: &mut Document) {
    describe_paging(document, "listTrash");
}
