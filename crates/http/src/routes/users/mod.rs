//! The user who calls.

mod delete_avatar;
mod get_me;
mod patch_me;
mod put_avatar;

use actix_web::http::Method;
use paperclip::actix::web::{self, ServiceConfig};

use super::resource;
use crate::openapi::Document;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(resource(
        "/users/me",
        [(Method::GET, web::get().to(get_me::get_me)), (Method::PATCH, web::patch().to(patch_me::patch_me))],
    ));
    config.service(resource(
        "/users/me/avatar",
        [
            (Method::PUT, web::put().to(put_avatar::put_avatar)),
            (Method::DELETE, web::delete().to(delete_avatar::delete_avatar)),
        ],
    ));
}

pub(super) fn describe(document: &mut Document) {
    patch_me::describe(document);
    put_avatar::describe(document);
}
