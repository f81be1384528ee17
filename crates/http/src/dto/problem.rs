use contacts_domain::validation::ViolationCode;
use serde_json::{Value, json};

use crate::{openapi::Document, problem::Code};

/// The schemas of a refusal. They are said here as a whole, for no operation returns them as such.
pub(super) fn describe(document: &mut Document) {
    let whole = problem();
    let mut part = whole.clone();
    part["description"] = "Why an operation of a batch was not carried out.".into();
    part["required"] = json!(["type", "title", "status", "detail", "code"]);
    if let Some(properties) = part["properties"].as_object_mut() {
        properties.remove("request_id");
    }
    document
        .whole("Problem", whole)
        .whole("OperationProblem", part)
        .schema("FieldError", json!({
            "type": "object",
            "description": "One fault of a request.",
            "required": ["pointer", "code", "detail"],
            "properties": {
                "pointer": {
                    "type": "string", "example": "/email",
                    "description": "Where (RFC 6901): a field of the body, or `/` and the name of a query parameter or a \
                        header. Of an operation of a batch that has its own result: a field of the operation.",
                },
                "code": {
                    "type": "string", "example": "invalid_email",
                    "enum": ViolationCode::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
                },
                "detail": {"type": "string"},
            },
        }));
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "A refusal or a failure (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri", "description": "Explains the code."},
            "title": {"type": "string"},
            "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
            "detail": {"type": "string"},
            "code": {
                "type": "string", "description": "For programs; it never changes its meaning.",
                "enum": Code::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
            },
            "request_id": {"type": "string", "description": "The same as in the header `X-Request-Id`."},
            "errors": {
                "type": "array", "description": "Every fault of the request.",
                "items": {"$ref": "#/components/schemas/FieldError"},
            },
        },
    })
}
