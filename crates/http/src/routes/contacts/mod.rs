//! The caller's contacts.

mod birthdays;
mod create;
mod delete;
mod get;
mod list;
mod patch;
mod replace;

use actix_web::http::Method;
use paperclip::actix::web::{self, ServiceConfig};

use super::resource;
use crate::openapi::Document;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(resource(
            "/contacts",
            [(Method::GET, web::get().to(list::list)), (Method::POST, web::post().to(create::create))],
        ))
        // Before `{id}`, which would match it too.
        .service(resource("/contacts/birthdays", [(Method::GET, web::get().to(birthdays::birthdays))]))
        .service(resource(
            "/contacts/{id}",
            [
                (Method::GET, web::get().to(get::get)),
                (Method::PUT, web::put().to(replace::replace)),
                (Method::PATCH, web::patch().to(patch::patch)),
                (Method::DELETE, web::delete().to(delete::delete)),
            ],
        ));
}

pub(super) fn describe(document: &mut Document) {
    list::describe(document);
    birthdays::describe(document);
}
