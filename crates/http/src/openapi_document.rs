//! The OpenAPI document, gathered from the routes.
//!
//! Every operation documents itself: its inputs say what they read and how they refuse, its answer
//! says its status, headers and schema. What is beyond that is told by `dto::describe` and
//! `routes::describe`.

use actix_web::App;
use paperclip::{
    actix::OpenApiExt,
    v2::models::{DefaultApiRaw, Info, Tag},
};
use serde_json::Value;

use crate::{dto, openapi::Document, routes};

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
