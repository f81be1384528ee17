use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::json;

use crate::openapi::Document;

/// How the service is.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct Health {
    pub(crate) status: &'static str,
}

/// What a code of a problem means.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct CodeExplanation {
    pub(crate) code: &'static str,
    pub(crate) status: u16,
    pub(crate) title: &'static str,
    pub(crate) detail: &'static str,
}

pub(super) fn describe(document: &mut Document) {
    document
        .all_required("Health")
        .property("Health", "status", json!({"enum": ["ok"]}))
        .all_required("CodeExplanation")
        .property("CodeExplanation", "code", json!({"example": "email_taken"}))
        .property("CodeExplanation", "status", json!({"minimum": 400, "maximum": 599, "example": 409}));
}
