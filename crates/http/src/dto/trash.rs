use contacts_domain::trash::{KEEP_IN_TRASH, TrashListRequest, TrashedContact as DomainTrashed};
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::{Value, json};

use super::{contact::Contact, written::Time};
use crate::{
    input::{FromQuery, QueryFields},
    openapi::Document,
};

pub(super) const DELETED_AT: &str = "deleted_at";

/// A contact in the trash.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct TrashedContact {
    #[serde(flatten)]
    contact: Contact,
    deleted_at: Time,
}

impl From<DomainTrashed> for TrashedContact {
    fn from(trashed: DomainTrashed) -> Self {
        let DomainTrashed { contact, deleted_at } = trashed;
        Self { contact: contact.into(), deleted_at: Time(deleted_at) }
    }
}

/// A page of the trash.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct TrashPage {
    pub(crate) items: Vec<TrashedContact>,
    pub(crate) next_cursor: Option<String>,
}

impl FromQuery for TrashListRequest {
    const PARAMETERS: &'static [&'static str] = &["limit", "cursor"];

    fn from_query(mut fields: QueryFields) -> Self {
        Self { limit: fields.take("limit"), cursor: fields.take("cursor"), errors: fields.errors }
    }
}

/// What is said of the time of a deletion.
pub(super) fn deleted_at() -> Value {
    json!({
        "type": "string", "format": "date-time", "readOnly": true,
        "description": format!("It can be restored for {} days from then on.", KEEP_IN_TRASH.num_days()),
    })
}

pub(super) fn describe(document: &mut Document) {
    document
        .whole(
            "TrashedContact",
            json!({
                "description": "A contact in the trash.",
                "allOf": [
                    {"$ref": "#/components/schemas/Contact"},
                    {"type": "object", "required": [DELETED_AT], "properties": {DELETED_AT: deleted_at()}},
                ],
            }),
        )
        .all_required("TrashPage")
        .property("TrashPage", "items", json!({"description": "What was deleted last comes first."}))
        .property(
            "TrashPage",
            "next_cursor",
            json!({
                "description": "Goes on with this list; null on the last page.", "nullable": true,
            }),
        );
}
