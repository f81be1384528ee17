//! What is said about the API beyond what the routes tell by themselves.

use serde_json::{Map, Value, json};

use crate::{
    media_types::{FORM, JSON, MERGE_PATCH, MULTIPART, PROBLEM},
    problem::Code,
};

/// The paths whose answers say how much of a user's limit is left.
const LIMITED: &str = "/api/v1/contacts";

/// The document while it is written.
pub(crate) struct Document(Value);

impl Document {
    pub(crate) fn new(mut gathered: Value) -> Self {
        if let Some(paths) = gathered["paths"].as_object_mut() {
            // paperclip ends what stands at the root of a scope with a slash, actix does not.
            *paths = std::mem::take(paths)
                .into_iter()
                .map(|(path, item)| (path.trim_end_matches('/').to_owned(), item))
                .collect();
        }
        gathered["openapi"] = "3.0.3".into();
        gathered["servers"] = json!([{"url": "/"}]);
        gathered["components"]["securitySchemes"] = json!({
            "bearer": {
                "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "The `access_token` that a login gives.",
            },
            "password": {
                "type": "oauth2", "description": "E-mail and password, exchanged for a token.",
                "flows": {"password": {"tokenUrl": "/api/v1/auth/login", "scopes": {}}},
            },
        });
        Self(gathered)
    }

    /// Adds to what is said of a schema; a new one where no operation has it.
    pub(crate) fn schema(&mut self, name: &str, said: Value) -> &mut Self {
        merge(&mut self.0["components"]["schemas"][name], said);
        self
    }

    /// Says all there is to say of a schema, in place of what was gathered.
    pub(crate) fn whole(&mut self, name: &str, said: Value) -> &mut Self {
        self.0["components"]["schemas"][name] = said;
        self
    }

    /// Adds to what is said of a property.
    pub(crate) fn property(&mut self, schema: &str, property: &str, said: Value) -> &mut Self {
        self.schema(schema, json!({"properties": {property: said}}))
    }

    /// Says that these properties are always there.
    pub(crate) fn required(&mut self, schema: &str, properties: &[&str]) -> &mut Self {
        self.schema(schema, json!({"required": properties}))
    }

    /// Says that every property is always there, null where it has no value.
    pub(crate) fn all_required(&mut self, schema: &str) -> &mut Self {
        let properties = &self.0["components"]["schemas"][schema]["properties"];
        let names: Vec<String> = properties.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default();
        self.schema(schema, json!({"required": names}))
    }

    /// Says that a body has no other fields than these, but for the read-only ones of the resource:
    /// what was read may be sent back.
    pub(crate) fn closed(&mut self, schema: &str, resource: &str, read_only: &[&str]) -> &mut Self {
        for name in read_only {
            let said = self.0["components"]["schemas"][resource]["properties"][*name].clone();
            self.property(schema, name, said);
        }
        self.schema(schema, json!({"additionalProperties": false}))
    }

    /// Adds to what is said of a parameter: `schema` is what its values are.
    pub(crate) fn parameter(&mut self, operation: &str, name: &str, description: &str, schema: Value) -> &mut Self {
        let parameters = self.operation(operation).map(|operation| &mut operation["parameters"]);
        let parameters = parameters.and_then(Value::as_array_mut).into_iter().flatten();
        for parameter in parameters.filter(|parameter| parameter["name"] == name) {
            parameter["description"] = description.into();
            merge(&mut parameter["schema"], schema.clone());
        }
        self
    }

    /// Adds to what is said of the values of a parameter.
    pub(crate) fn parameter_schema(&mut self, operation: &str, name: &str, schema: Value) -> &mut Self {
        let parameters = self.operation(operation).map(|operation| &mut operation["parameters"]);
        let parameters = parameters.and_then(Value::as_array_mut).into_iter().flatten();
        for parameter in parameters.filter(|parameter| parameter["name"] == name) {
            merge(&mut parameter["schema"], schema.clone());
        }
        self
    }

    /// Adds to what is said of an operation.
    pub(crate) fn describe_operation(&mut self, id: &str, said: Value) -> &mut Self {
        if let Some(operation) = self.operation(id) {
            merge(operation, said);
        }
        self
    }

    /// Says how the body of an operation looks when it comes as a form.
    pub(crate) fn form(&mut self, operation: &str, schema: Value) -> &mut Self {
        if let Some(operation) = self.operation(operation) {
            operation["requestBody"]["content"][FORM] = json!({"schema": schema});
        }
        self
    }

    /// Says that the body of an operation is a form with files, and how it looks.
    pub(crate) fn multipart(&mut self, operation: &str, schema: Value) -> &mut Self {
        let body = json!({"required": true, "content": {MULTIPART: {"schema": schema}}});
        self.describe_operation(operation, json!({"requestBody": body}))
    }

    fn operation(&mut self, id: &str) -> Option<&mut Value> {
        let paths = self.0["paths"].as_object_mut()?.values_mut();
        paths
            .filter_map(Value::as_object_mut)
            .flat_map(Map::values_mut)
            .find(|operation| operation["operationId"] == id)
    }

    /// Writes out what was noted, and gives the document away.
    pub(crate) fn finish(mut self) -> Value {
        for (path, operations) in self.0["paths"].as_object_mut().into_iter().flatten() {
            for (method, operation) in operations.as_object_mut().into_iter().flatten() {
                if method == "patch" {
                    // paperclip keeps one type of a body only.
                    let content = &mut operation["requestBody"]["content"];
                    content[MERGE_PATCH] = content[JSON].clone();
                }
                if let Some(text) = operation["description"].as_str() {
                    // Lines of a doc comment keep the space that they begin with.
                    operation["description"] = text.replace("\n ", "\n").into();
                }
                write_responses(operation, path.starts_with(LIMITED));
            }
        }
        self.0["components"]["headers"] = json!({
            "X-Request-Id": {"description": "Names this request in the log.", "schema": {"type": "string"}},
            "WWW-Authenticate": {"description": "`Bearer` (RFC 6750).", "schema": {"type": "string"}},
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
            "RateLimit-Policy": {
                "description": "So many requests at once (`q`), and in how many seconds they come back (`w`); \
                                absent where there is no limit.",
                "schema": {"type": "string"}, "example": "\"contacts\";q=100;w=10",
            },
            "RateLimit": {
                "description": "So many requests are left (`r`), and in how many seconds all are back (`t`).",
                "schema": {"type": "string"}, "example": "\"contacts\";r=99;t=1",
            },
        });
        self.0
    }
}

fn write_responses(operation: &mut Value, limited: bool) {
    let mut authenticated = false;
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        if status.starts_with(['4', '5']) {
            authenticated |= notes(response).contains(&Code::Unauthenticated);
            write_refusal(response);
        }
        write_headers(response);
        let limits: &[_] = if limited { &["RateLimit-Policy", "RateLimit"] } else { &[] };
        for header in ["X-Request-Id"].iter().chain(limits) {
            response["headers"][header] = json!({"$ref": format!("#/components/headers/{header}")});
        }
    }
    if authenticated {
        operation["security"] = json!([{"bearer": []}, {"password": []}]);
    }
}

/// The codes that [`refuse`](super::refuse) noted.
fn notes(response: &Value) -> Vec<Code> {
    let noted = response["description"].as_str().unwrap_or_default();
    Code::ALL.iter().copied().filter(|code| noted.split(' ').any(|text| text == code.as_str())).collect()
}

/// Headers come from the routes with a description, but without the schema that OpenAPI 3 asks for.
fn write_headers(response: &mut Value) {
    for header in response["headers"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        if header.get("$ref").is_none() && header.get("schema").is_none() {
            *header = json!({"description": header["description"], "schema": {"type": "string"}});
        }
    }
}

/// Turns the codes that [`refuse`](super::refuse) noted into a response.
fn write_refusal(response: &mut Value) {
    let codes = notes(response);
    let lines: Vec<String> = codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.explanation())).collect();
    let examples: Map<String, Value> =
        codes.iter().map(|code| (code.as_str().into(), json!({"value": example(*code)}))).collect();
    let mut headers = Map::new();
    for code in &codes {
        match code.status().as_u16() {
            401 => headers.insert("WWW-Authenticate".into(), json!({"$ref": "#/components/headers/WWW-Authenticate"})),
            429 | 503 | 409 if *code != Code::EmailTaken => {
                headers.insert("Retry-After".into(), json!({"$ref": "#/components/headers/Retry-After"}))
            }
            _ => None,
        };
    }
    *response = json!({
        "description": lines.join("\n\n"),
        "headers": headers,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}},
    });
}

fn example(code: Code) -> Value {
    let mut problem = json!({
        "type": format!("https://contacts.example.com/errors/{}", code.as_str()),
        "title": code.title(),
        "status": code.status().as_u16(),
        "detail": code.explanation(),
        "code": code.as_str(),
        "request_id": "01932b1c-6e5a-7c3e-9a7c-3f0f5b0c8d11",
    });
    if code == Code::ValidationFailed {
        problem["errors"] = json!([
            {"pointer": "/email", "code": "invalid_email", "detail": "This is not an e-mail address."},
        ]);
    }
    problem
}

/// Adds `said` to `value`: objects grow, everything else is replaced.
fn merge(value: &mut Value, said: Value) {
    match (value, said) {
        (Value::Object(members), Value::Object(said)) => {
            for (name, member) in said {
                merge(members.entry(name).or_insert(Value::Null), member);
            }
        }
        (value, said) => *value = said,
    }
}
