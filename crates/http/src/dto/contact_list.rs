use contacts_application::contacts::ListedContact as DomainListed;
use contacts_domain::{contact_query::ContactListRequest, search::MatchedField};
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::{Value, json};

use super::contact::Contact;
use crate::{
    input::{FromQuery, QueryFields},
    openapi::Document,
};

pub(super) const MATCHED_FIELDS: &str = "matched_fields";

/// A contact, and where the words of a search were found in it.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct ListedContact {
    #[serde(flatten)]
    contact: Contact,
    #[serde(skip_serializing_if = "Option::is_none")]
    matched_fields: Option<Vec<&'static str>>,
}

impl From<DomainListed> for ListedContact {
    fn from(listed: DomainListed) -> Self {
        let DomainListed { contact, matched_fields } = listed;
        let names = |fields: Vec<MatchedField>| fields.into_iter().map(MatchedField::name).collect();
        Self { contact: contact.into(), matched_fields: matched_fields.map(names) }
    }
}

/// A page of contacts.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct ContactPage {
    pub(crate) items: Vec<ListedContact>,
    pub(crate) next_cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<u64>,
}

impl FromQuery for ContactListRequest {
    const PARAMETERS: &'static [&'static str] =
        &["first_name", "last_name", "email", "q", "label", "sort", "limit", "cursor"];

    fn from_query(mut fields: QueryFields) -> Self {
        Self {
            first_name: fields.take("first_name"),
            last_name: fields.take("last_name"),
            email: fields.take("email"),
            q: fields.take("q"),
            label: fields.take("label"),
            sort: fields.take("sort"),
            limit: fields.take("limit"),
            cursor: fields.take("cursor"),
            errors: fields.errors,
        }
    }
}

/// What is said of the fields in which a contact matched.
pub(super) fn matched_fields() -> Value {
    json!({
        "type": "array", "readOnly": true, "example": ["last_name", "email"],
        "description": "The fields in which words of `q` were found; only in a list, and only where there is a `q`.",
        "items": {"type": "string", "enum": MatchedField::ALL.map(MatchedField::name)},
    })
}

pub(super) fn describe(document: &mut Document) {
    document
        .whole("ListedContact", json!({
            "description": "A contact of a list.",
            "allOf": [
                {"$ref": "#/components/schemas/Contact"},
                {"type": "object", "properties": {MATCHED_FIELDS: matched_fields()}},
            ],
        }))
        .required("ContactPage", &["items", "next_cursor"])
        .property("ContactPage", "next_cursor", json!({
            "description": "Goes on with this list; null on the last page.", "nullable": true,
        }))
        .property("ContactPage", "total", json!({
            "description": "The number of all matches; only where `Prefer: count=exact` asked for it.", "minimum": 0,
        }));
}
