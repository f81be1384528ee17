//! The OpenAPI document.
//!
//! Every operation documents itself: its inputs say what they read and how they refuse, its answer
//! says its status, headers and schema, and paperclip gathers that from the routes. What paperclip
//! cannot say (it thinks in OpenAPI 2) is added once, in [`document`](fn@document), from what
//! `dto::describe` and `routes::describe` tell.

mod document;

use std::collections::BTreeMap;

use actix_web::App;
use paperclip::{
    actix::OpenApiExt,
    v2::{
        models::{DefaultApiRaw, DefaultOperationRaw, DefaultResponseRaw, DefaultSchemaRaw, Either, Info, Tag},
        schema::Apiv2Schema,
    },
};
use serde_json::Value;

pub(crate) use self::document::Document;
use crate::{dto, problem::Code, routes};

/// The document. It names no host, so that it is true wherever it is served.
pub fn openapi_document() -> Value {
    let info = DefaultApiRaw {
        info: Info {
            title: "Contacts".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            description: Some(include_str!("description.md").trim().into()),
            ..Info::default()
        },
        tags: [
            ("Accounts", "Who keeps contacts here."),
            ("Contacts", "The people that a user knows. Somebody else's contact does not exist."),
            ("Service", "The service itself."),
        ]
        .map(|(name, description)| Tag {
            name: name.into(),
            description: Some(description.into()),
            external_docs: None,
        })
        .into(),
        ..DefaultApiRaw::default()
    };
    let mut gathered = Value::Null;
    drop(App::new().wrap_api_with_spec(info).configure(routes::documented).with_raw_json_spec_v3(|app, spec| {
        gathered = spec;
        app
    }));
    let mut document = Document::new(gathered);
    dto::describe(&mut document);
    routes::describe(&mut document);
    document.finish()
}

/// Notes that an operation refuses with these codes. They are kept in the description of the
/// response until [`Document::finish`] writes it.
pub(crate) fn refuse(operation: &mut DefaultOperationRaw, codes: &[Code]) {
    for code in codes {
        let status = code.status().as_u16().to_string();
        let response =
            operation.responses.entry(status).or_insert_with(|| Either::Right(DefaultResponseRaw::default()));
        if let Either::Right(response) = response {
            let noted = response.description.get_or_insert_default();
            if !noted.split(' ').any(|known| known == code.as_str()) {
                if !noted.is_empty() {
                    noted.push(' ');
                }
                noted.push_str(code.as_str());
            }
        }
    }
}

/// What can befall any operation.
pub(crate) fn refuse_always(operation: &mut DefaultOperationRaw) {
    refuse(operation, &[Code::Internal, Code::Unavailable]);
}

/// Adds the schema of `T` and of all it is made of.
pub(crate) fn define<T: Apiv2Schema>(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
    extract(T::schema_with_ref(), schemas);
}

/// Moves every schema that has a name to `schemas`, and leaves a reference in its place: paperclip
/// itself would repeat a schema wherever it is nested.
fn extract(mut schema: DefaultSchemaRaw, schemas: &mut BTreeMap<String, DefaultSchemaRaw>) -> DefaultSchemaRaw {
    for property in schema.properties.values_mut() {
        **property = extract(std::mem::take(&mut **property), schemas);
    }
    if let Some(items) = schema.items.as_mut() {
        **items = extract(std::mem::take(&mut **items), schemas);
    }
    match schema.name.take() {
        Some(name) => {
            schema.reference = None;
            let reference = Some(format!("#/definitions/{name}"));
            schemas.insert(name, schema);
            DefaultSchemaRaw { reference, ..DefaultSchemaRaw::default() }
        }
        None => schema,
    }
}
