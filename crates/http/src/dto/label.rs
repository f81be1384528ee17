use contacts_domain::{
    labels::{Label, LabelChange, LabelCount as DomainCount},
    validation::ValidationErrors,
};
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::json;

use crate::{
    json::{Fields, FromFields},
    openapi::Document,
};

/// A label, and how many contacts have it.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct LabelCount {
    label: String,
    count: u64,
}

impl From<&DomainCount> for LabelCount {
    fn from(count: &DomainCount) -> Self {
        let DomainCount { label, contacts } = count;
        Self { label: label.as_str().to_owned(), count: *contacts }
    }
}

/// The labels of all contacts.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct LabelList {
    items: Vec<LabelCount>,
}

impl LabelList {
    pub(crate) fn new(counts: &[DomainCount]) -> Self {
        Self { items: counts.iter().map(LabelCount::from).collect() }
    }
}

/// Another name for a label.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "it describes what `LabelChange` is read from")]
pub(crate) struct LabelInput {
    label: String,
}

impl FromFields for LabelChange {
    type Schema = LabelInput;

    fn from_fields(fields: &mut Fields) -> Self {
        fields.ignore(&["count"]);
        Self { label: fields.text("label"), errors: ValidationErrors::new() }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

pub(super) fn describe(document: &mut Document) {
    for schema in ["LabelCount", "LabelInput"] {
        let label = json!({"minLength": 1, "maxLength": Label::MAX_LENGTH, "example": "Book club"});
        document.all_required(schema).property(schema, "label", label);
    }
    document
        .property("LabelCount", "label", json!({"description": "In one of the spellings that contacts have it in."}))
        .property("LabelCount", "count", json!({"minimum": 0, "readOnly": true, "example": 3}))
        .all_required("LabelList")
        .property("LabelList", "items", json!({"description": "By label."}))
        .closed("LabelInput", "LabelCount", &["count"]);
}
