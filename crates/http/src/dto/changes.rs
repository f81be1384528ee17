use contacts_application::contacts::ChangesPage as DomainPage;
use contacts_domain::{
    change_feed::{Change, ChangesRequest},
    precondition::EntityTag,
};
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::json;

use super::{contact::Contact, written::Id};
use crate::{
    input::{FromQuery, QueryFields},
    openapi::Document,
};

/// What a contact has become.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct ChangedContact {
    id: Id,
    deleted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Contact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
}

impl From<Change> for ChangedContact {
    fn from(change: Change) -> Self {
        let Change { id, seq: _, contact } = change;
        Self {
            id: Id(id.uuid()),
            deleted: contact.is_none(),
            etag: contact.as_ref().map(|contact| EntityTag::of(contact).to_string()),
            contact: contact.map(Contact::from),
        }
    }
}

/// A page of changes.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct ChangesPage {
    changes: Vec<ChangedContact>,
    next_token: String,
    has_more: bool,
}

impl From<DomainPage> for ChangesPage {
    fn from(page: DomainPage) -> Self {
        let DomainPage { items, next, more } = page;
        Self {
            changes: items.into_iter().map(ChangedContact::from).collect(),
            next_token: next.encode(),
            has_more: more,
        }
    }
}

impl FromQuery for ChangesRequest {
    const PARAMETERS: &'static [&'static str] = &["since", "limit"];

    fn from_query(mut fields: QueryFields) -> Self {
        Self { since: fields.take("since"), limit: fields.take("limit"), errors: fields.errors }
    }
}

pub(super) fn describe(document: &mut Document) {
    document
        .required("ChangedContact", &["id", "deleted"])
        .property("ChangedContact", "id", json!({"format": "uuid"}))
        .property("ChangedContact", "deleted", json!({"description": "Then there is no `contact` any more."}))
        .property(
            "ChangedContact",
            "etag",
            json!({"description": "The contact's `ETag`.", "pattern": "^\"[0-9a-f-]+\"$", "example": "\"1a-603e5c9\""}),
        )
        .all_required("ChangesPage")
        .property(
            "ChangesPage",
            "changes",
            json!({"description": "Each contact once, as it is now; in the order of their last changes."}),
        )
        .property(
            "ChangesPage",
            "next_token",
            json!({
                "description": "Where the client has come to: `since` of the next request, now or in a year.",
                "pattern": "^[A-Za-z0-9_-]+$",
            }),
        )
        .property("ChangesPage", "has_more", json!({"description": "Whether there are more changes already."}));
}
