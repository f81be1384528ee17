//! The caller's contacts.

mod birthdays;
mod create;
mod delete;
mod get;
mod list;
mod patch;
mod replace;

use actix_web::{http::Method, middleware::from_fn};
use paperclip::actix::web::{self, ServiceConfig};

use super::resource;
use crate::{middleware::limit_user, openapi::Document};

/// A scope, so that the limit holds for what is not found in it, too.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    let scope = web::scope("/contacts")
        .service(resource(
            "",
            [(Method::GET, web::get().to(list::list)), (Method::POST, web::post().to(create::create))],
        ))
        // Before `{id}`, which would match it too.
        .service(resource("/birthdays", [(Method::GET, web::get().to(birthdays::birthdays))]))
        .service(resource(
            "/{id}",
            [
                (Method::GET, web::get().to(get::get)),
                (Method::PUT, web::put().to(replace::replace)),
                (Method::PATCH, web::patch().to(patch::patch)),
                (Method::DELETE, web::delete().to(delete::delete)),
            ],
        ))
        .wrap(from_fn(limit_user));
    config.service(scope);
}

pub(super) fn describe(document: &mut Document) {
    list::describe(document);
    birthdays::describe(document);
}
