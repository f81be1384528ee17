//! The caller's contacts.

mod batch;
mod birthdays;
mod changes;
mod create;
mod delete;
mod delete_label;
mod empty_trash;
mod get;
mod labels;
mod list;
mod patch;
mod rename_label;
mod replace;
mod restore;
mod trash;

use actix_web::{http::Method, middleware::from_fn};
use contacts_domain::{contact::Contact as DomainContact, idempotency::IdempotencyKey, precondition::EntityTag};
use paperclip::actix::web::{self, ServiceConfig};
use serde_json::json;

use super::resource;
use crate::{
    dto::contact::Contact,
    middleware::limit_user,
    openapi::Document,
    problem::Code,
    responder::{Answer, Current, Refusals},
};

/// A scope, so that the limit holds for what is not found in it, too.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    let scope = web::scope("/contacts")
        .service(resource(
            "",
            [(Method::GET, web::get().to(list::list)), (Method::POST, web::post().to(create::create))],
        ))
        // Before `{id}`, which would match them too.
        .service(resource("/batch", [(Method::POST, web::post().to(batch::batch))]))
        .service(resource("/birthdays", [(Method::GET, web::get().to(birthdays::birthdays))]))
        .service(resource("/changes", [(Method::GET, web::get().to(changes::changes))]))
        .service(resource("/labels", [(Method::GET, web::get().to(labels::labels))]))
        .service(resource(
            "/trash",
            [(Method::GET, web::get().to(trash::trash)), (Method::DELETE, web::delete().to(empty_trash::empty_trash))],
        ))
        .service(resource(
            "/{id}",
            [
                (Method::GET, web::get().to(get::get)),
                (Method::PUT, web::put().to(replace::replace)),
                (Method::PATCH, web::patch().to(patch::patch)),
                (Method::DELETE, web::delete().to(delete::delete)),
            ],
        ))
        .service(resource(
            "/labels/{label}",
            [
                (Method::PATCH, web::patch().to(rename_label::rename_label)),
                (Method::DELETE, web::delete().to(delete_label::delete_label)),
            ],
        ))
        .service(resource("/{id}/restore", [(Method::POST, web::post().to(restore::restore))]))
        .wrap(from_fn(limit_user));
    config.service(scope);
}

pub(super) fn describe(document: &mut Document) {
    list::describe(document);
    batch::describe(document);
    birthdays::describe(document);
    changes::describe(document);
    trash::describe(document);
    let tags = json!({"example": "\"1a-603e5c9\""});
    for operation in ["getContact", "replaceContact", "patchContact", "deleteContact"] {
        document.parameter_schema(operation, "If-Match", tags.clone()).parameter_schema(
            operation,
            "If-None-Match",
            tags.clone(),
        );
    }
    let key = json!({
        "minLength": 1, "maxLength": IdempotencyKey::MAX_LENGTH, "pattern": "^[!-~]([ -~]*[!-~])?$",
        "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    });
    for operation in ["createContact", "restoreContact", "batchContacts"] {
        document.parameter_schema(operation, "Idempotency-Key", key.clone());
    }
}

/// Whatever creates contacts.
struct Quota;

impl Refusals for Quota {
    const CODES: &'static [Code] = &[Code::CreationQuotaExceeded];
}

/// The answer to whatever leads to one contact.
fn current(contact: &DomainContact) -> Answer<Contact, Current> {
    Answer::current(Contact::from(contact), &EntityTag::of(contact))
}
