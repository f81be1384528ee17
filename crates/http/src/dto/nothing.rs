use contacts_domain::validation::ValidationErrors;
use paperclip::actix::Apiv2Schema;
use serde_json::json;

use crate::{
    json::{Fields, FromFields},
    openapi::Document,
};

/// A body that says nothing: an object without fields.
pub(crate) struct Nothing {
    pub(crate) errors: ValidationErrors,
}

/// Nothing.
#[derive(Apiv2Schema)]
pub(crate) struct NothingInput {}

impl FromFields for Nothing {
    type Schema = NothingInput;

    fn from_fields(_: &mut Fields) -> Self {
        Self { errors: ValidationErrors::new() }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

pub(super) fn describe(document: &mut Document) {
    let said = json!({
        "type": "object", "description": "Nothing; it may be left out.", "additionalProperties": false,
    });
    document.whole("NothingInput", said);
}
