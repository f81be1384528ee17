//! The routes: one file a verb. To add one: write its file, then a line in its area's `mod.rs`.

mod auth;
mod contacts;
mod docs;
mod errors;
mod media;
mod pages;
mod service;
mod users;

pub(crate) use self::docs::DocumentText;
use actix_web::{
    HttpResponse,
    http::Method,
    web::{self as actix},
};
use paperclip::actix::web::{self, Resource, Route, ServiceConfig};

use crate::{
    openapi::Document,
    problem::{Code, Problem},
};

/// Everything that the OpenAPI document describes.
pub(crate) fn documented(config: &mut ServiceConfig<'_>) {
    service::routes(config);
    errors::routes(config);
    // They are looked through in this order.
    config.service(web::scope("/api/v1").configure(contacts::routes).configure(users::routes).configure(auth::routes));
}

/// The pages about the API, those behind mailed links, and the pictures.
pub(crate) fn undocumented(config: &mut actix::ServiceConfig) {
    docs::routes(config);
    pages::routes(config);
    media::routes(config);
}

/// Adds to the document what the routes cannot say by themselves.
pub(crate) fn describe(document: &mut Document) {
    contacts::describe(document);
    errors::describe(document);
    users::describe(document);
}

/// A path and what its methods do; every other method is refused, with these in `Allow`.
fn resource<const N: usize>(path: &str, routes: [(Method, Route); N]) -> Resource {
    let mut allowed: Vec<String> = Vec::new();
    for (method, _) in &routes {
        allowed.push(method.to_string());
        if *method == Method::GET {
            allowed.push(Method::HEAD.to_string());
        }
    }
    let allowed = allowed.join(", ");
    let refuse = actix::to(move || {
        let allowed = allowed.clone();
        async move { Err::<HttpResponse, _>(Problem::method_not_allowed(allowed)) }
    });
    routes.into_iter().fold(web::resource(path), |resource, (_, route)| resource.route(route)).default_service(refuse)
}

/// The answer where no route leads.
pub(crate) async fn nowhere() -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::NotFound))
}
