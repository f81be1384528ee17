//! The user who calls.

mod change_email;
mod change_password;
mod delete_avatar;
mod delete_me;
mod end_session;
mod export_me;
mod get_me;
mod list_sessions;
mod patch_me;
mod put_avatar;

use actix_web::http::Method;
use paperclip::actix::web::{self, ServiceConfig};

use super::resource;
use crate::{openapi::Document, problem::Code, responder::Refusals};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(resource(
            "/users/me",
            [(Method::GET, web::get().to(get_me::get_me)), (Method::PATCH, web::patch().to(patch_me::patch_me))],
        ))
        .service(resource("/users/me/password", [(Method::POST, web::post().to(change_password::change_password))]))
        .service(resource("/users/me/email", [(Method::POST, web::post().to(change_email::change_email))]))
        .service(resource("/users/me/delete", [(Method::POST, web::post().to(delete_me::delete_me))]))
        .service(resource("/users/me/export", [(Method::GET, web::get().to(export_me::export_me))]))
        .service(resource("/users/me/sessions", [(Method::GET, web::get().to(list_sessions::list_sessions))]))
        .service(resource("/users/me/sessions/{id}", [(Method::DELETE, web::delete().to(end_session::end_session))]))
        .service(resource(
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

/// Whatever asks for the account's password once more.
struct PasswordAsked;

impl Refusals for PasswordAsked {
    const CODES: &'static [Code] = &[Code::WrongPassword, Code::Busy];
}
