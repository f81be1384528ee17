use contacts_domain::change_feed::{ChangesLimit, ChangesRequest};
use paperclip::actix::{api_v2_operation, web::Data};
use serde_json::json;

use crate::{
    dto::changes::ChangesPage,
    input::{Authenticated, Query},
    openapi::Document,
    problem::Code,
    responder::{Answer, Refusals, Refused},
    state::State,
};

pub(super) struct Unknown;

impl Refusals for Unknown {
    const CODES: &'static [Code] = &[Code::InvalidSyncToken, Code::SyncTokenExpired];
}

/// What has changed
///
/// Keeps a copy up to date: without `since` it tells all contacts, and from then on, with the token of the page
/// before, what was made, changed, deleted or restored behind it. A client that follows it misses nothing,
/// however many write meanwhile.
#[api_v2_operation(tags(Contacts), operation_id = "listChanges")]
pub(super) async fn changes(
    state: Data<State>,
    request: Authenticated<Query<ChangesRequest>>,
) -> Result<Answer<ChangesPage>, Refused<Unknown>> {
    let Authenticated { user, input: Query(wanted), .. } = request;
    let page = state
        .in_place(move |application| async move { application.contacts.changes.execute(user.id, wanted).await })
        .await?;
    Ok(Answer::found(ChangesPage::from(page)))
}

pub(super) fn describe(document: &mut Document) {
    document
        .parameter(
            "listChanges",
            "since",
            "`next_token` of the page before. Without one: everything that there is.",
            json!({"pattern": "^[A-Za-z0-9_-]+$"}),
        )
        .parameter(
            "listChanges",
            "limit",
            "How many changes a page holds. More than 1000 is 1000.",
            json!({
                "type": "integer", "minimum": 1, "default": ChangesLimit::DEFAULT, "example": ChangesLimit::DEFAULT,
            }),
        );
}
