//! What operations say of themselves, and the document that is made of it.
//!
//! Inputs note how they refuse with [`refuse`], bodies and answers define their schemas with
//! [`define`]; [`Document`] adds what paperclip cannot say, for it thinks in OpenAPI 2.

mod document;

use std::collections::BTreeMap;

use paperclip::v2::{
    models::{DefaultOperationRaw, DefaultResponseRaw, DefaultSchemaRaw, Either},
    schema::Apiv2Schema,
};

pub(crate) use self::document::Document;
use crate::problem::Code;

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
    refuse(operation, &[Code::RateLimited, Code::Internal, Code::Unavailable]);
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
