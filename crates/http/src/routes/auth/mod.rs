//! Becoming a user, and proving to be one.

mod log_in;
mod refresh;
mod register;

use actix_web::http::Method;
use paperclip::actix::web::{self, ServiceConfig};

use super::resource;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(resource("/auth/register", [(Method::POST, web::post().to(register::register))]))
        .service(resource("/auth/login", [(Method::POST, web::post().to(log_in::log_in))]))
        .service(resource("/auth/refresh", [(Method::POST, web::post().to(refresh::refresh))]));
}
