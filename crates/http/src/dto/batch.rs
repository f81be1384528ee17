use contacts_application::contacts::{OperationDone, OperationResult};
use contacts_domain::{
    batch::{BatchRequest, MAX_OPERATIONS, OperationRequest},
    contact::Contact as DomainContact,
    precondition::EntityTag,
    validation::ValidationErrors,
};
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::{Value, json};

use super::contact::{Contact, ContactChange, ContactInput};
use crate::{
    json::{Fields, FromFields},
    openapi::Document,
    problem::Problem,
};

/// Many changes at once.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "it describes what `BatchRequest` is read from")]
pub(crate) struct BatchInput {
    operations: Vec<OperationInput>,
    atomic: Option<bool>,
}

/// One of them.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "it describes what `OperationRequest` is read from")]
pub(crate) struct OperationInput {
    op: String,
    contact: Option<ContactInput>,
    id: Option<String>,
    patch: Option<ContactChange>,
    if_match: Option<String>,
}

impl FromFields for BatchRequest {
    type Schema = BatchInput;

    fn from_fields(fields: &mut Fields) -> Self {
        // One more than are allowed is enough to be refused.
        let operations = fields.objects("operations", MAX_OPERATIONS + 1);
        if operations.is_none() {
            fields.miss("operations");
        }
        Self {
            operations: operations.unwrap_or_default(),
            atomic: fields.bool("atomic").unwrap_or(true),
            errors: ValidationErrors::new(),
        }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

impl FromFields for OperationRequest {
    type Schema = OperationInput;

    fn from_fields(fields: &mut Fields) -> Self {
        let op = fields.text("op");
        // What an operation does not have is not read, and so reported as unknown, be it null.
        let has = |field| match op.as_deref() {
            Some("create") => field == "contact",
            Some("update") => field != "contact",
            Some("delete") => matches!(field, "id" | "if_match"),
            Some(_) | None => true,
        };
        Self {
            contact: has("contact").then(|| fields.object("contact")).flatten(),
            id: has("id").then(|| fields.text("id")).flatten(),
            patch: has("patch").then(|| fields.object("patch")).flatten(),
            if_match: has("if_match").then(|| fields.text("if_match")).flatten(),
            op,
            errors: ValidationErrors::new(),
        }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

/// What became of a batch.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct BatchOutcome {
    results: Vec<OperationOutcome>,
}

/// What became of one operation.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct OperationOutcome {
    index: usize,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Contact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
}

impl BatchOutcome {
    /// `base` is where problems are explained.
    pub(crate) fn new(results: &[OperationResult], base: &str) -> Self {
        let outcomes = results.iter().enumerate().map(|(index, result)| OperationOutcome::new(index, result, base));
        Self { results: outcomes.collect() }
    }
}

impl OperationOutcome {
    fn new(index: usize, result: &OperationResult, base: &str) -> Self {
        let done = |status, contact: Option<&DomainContact>| Self {
            index,
            status,
            contact: contact.map(Contact::from),
            etag: contact.map(|contact| EntityTag::of(contact).to_string()),
            error: None,
        };
        match result {
            Ok(OperationDone::Created(contact)) => done(201, Some(contact)),
            Ok(OperationDone::Updated(contact)) => done(200, Some(contact)),
            Ok(OperationDone::Deleted) => done(204, None),
            Err(error) => {
                let problem = Problem::of(error);
                // It is made of strings and numbers, which always serialize.
                let error = serde_json::to_value(problem.body(base, None)).ok();
                Self { error, ..done(problem.code().status().as_u16(), None) }
            }
        }
    }
}

pub(super) fn describe(document: &mut Document) {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    // A malformed id is that of nothing, and so no fault of the batch.
    let id = json!({
        "type": "string", "example": "01932b1c-6e5a-7c3e-9a7c-3f0f5b0c8d11",
        "description": "The id of the contact.",
    });
    let if_match = json!({
        "type": "string", "nullable": true, "example": "\"1a-603e5c9\"",
        "description": "As the header `If-Match`: only where the contact has one of these ETags.",
    });
    let operation = |op: &str, required: &[&str], mut properties: Value| {
        properties["op"] = json!({"type": "string", "enum": [op]});
        json!({
            "title": op, "type": "object", "required": required, "additionalProperties": false,
            "properties": properties,
        })
    };
    document
        .required("BatchInput", &["operations"])
        .property("BatchInput", "operations", json!({"maxItems": MAX_OPERATIONS}))
        .property(
            "BatchInput",
            "atomic",
            json!({
                "description": "Whether one failure undoes everything. Where it does not, every operation has its own \
                    result.",
                "nullable": true, "default": true,
            }),
        )
        .schema("BatchInput", json!({"additionalProperties": false}))
        .whole(
            "OperationInput",
            json!({
                "description": "One operation of a batch. They are carried out in their order.",
                "oneOf": [
                    operation("create", &["op", "contact"], json!({"contact": reference("ContactInput")})),
                    operation("update", &["op", "id", "patch"], json!({
                        "id": id, "patch": reference("ContactChange"), "if_match": if_match,
                    })),
                    operation("delete", &["op", "id"], json!({"id": id, "if_match": if_match})),
                ],
            }),
        )
        .all_required("BatchOutcome")
        .property(
            "BatchOutcome",
            "results",
            json!({
                "description": "One for each operation, in their order.", "maxItems": MAX_OPERATIONS,
            }),
        )
        .whole(
            "OperationOutcome",
            json!({
                "type": "object",
                "description": "What became of one operation: the answer that it would have had by itself.",
                "required": ["index", "status"],
                "properties": {
                    "index": {
                        "type": "integer", "format": "int32", "minimum": 0, "maximum": MAX_OPERATIONS - 1,
                        "description": "The place of the operation in the batch, from 0 on.",
                    },
                    "status": {
                        "type": "integer", "format": "int32", "minimum": 200, "maximum": 599,
                        "description": "201 for what was created, 200 for what was changed, 204 for what was deleted.",
                    },
                    "contact": reference("Contact"),
                    "etag": {
                        "type": "string", "description": "The contact's `ETag`.", "pattern": "^\"[0-9a-f-]+\"$",
                        "example": "\"1a-603e5c9\"",
                    },
                    "error": reference("OperationProblem"),
                },
            }),
        );
}

#[cfg(test)]
mod tests;
