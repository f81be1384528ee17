//! Becoming a user, and proving to be one.

mod forgot_password;
mod log_in;
mod log_out;
mod refresh;
mod register;
mod request_verification;
mod reset_password;
mod verify_email;

use actix_web::http::Method;
use paperclip::actix::web::{self, ServiceConfig};

use super::resource;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(resource("/auth/register", [(Method::POST, web::post().to(register::register))]))
        .service(resource("/auth/login", [(Method::POST, web::post().to(log_in::log_in))]))
        .service(resource("/auth/refresh", [(Method::POST, web::post().to(refresh::refresh))]))
        .service(resource("/auth/logout", [(Method::POST, web::post().to(log_out::log_out))]))
        .service(resource(
            "/auth/email/verification",
            [(Method::POST, web::post().to(request_verification::request_verification))],
        ))
        .service(resource("/auth/email/verify", [(Method::POST, web::post().to(verify_email::verify_email))]))
        .service(resource("/auth/password/forgot", [(Method::POST, web::post().to(forgot_password::forgot_password))]))
        .service(resource("/auth/password/reset", [(Method::POST, web::post().to(reset_password::reset_password))]));
}
