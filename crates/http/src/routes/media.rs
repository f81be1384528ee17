//! The pictures that this service keeps itself.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Data, Path, ServiceConfig},
};

use crate::{problem::Problem, state::State};

pub(super) fn routes(config: &mut ServiceConfig) {
    let refuse = || async { Err::<HttpResponse, _>(Problem::method_not_allowed("GET, HEAD".into())) };
    config
        .service(web::resource("/media/avatars/{name}").route(web::get().to(avatar)).default_service(web::to(refuse)));
}

/// A user's picture, for everybody. A name is given once, so that what it names never changes.
async fn avatar(state: Data<State>, name: Path<String>) -> Result<HttpResponse, Problem> {
    let name = name.into_inner();
    let image = state.run(move |application| async move { application.avatars.read.execute(&name).await }).await?;
    let response = HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, image.format.media_type()))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::CONTENT_DISPOSITION, "inline"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        // Pages of every origin may show it.
        .insert_header((header::CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"))
        .body(image.bytes);
    Ok(response)
}
