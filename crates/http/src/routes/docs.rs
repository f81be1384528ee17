//! The OpenAPI document, and a page to try it out. Everything the page needs is part of the binary.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Data, Path, ServiceConfig},
};

use crate::{
    media_types,
    problem::{Code, Problem},
};

pub(super) fn routes(config: &mut ServiceConfig) {
    let refuse = || async { Err::<HttpResponse, _>(Problem::method_not_allowed("GET, HEAD".into())) };
    config
        .service(web::resource("/openapi.json").route(web::get().to(document)).default_service(web::to(refuse)))
        .service(web::resource("/docs").route(web::get().to(page)).default_service(web::to(refuse)))
        .service(web::resource("/docs/{file}").route(web::get().to(file)).default_service(web::to(refuse)));
}

/// The OpenAPI document, as it is served.
pub(crate) struct DocumentText(pub(crate) String);

async fn document(text: Data<DocumentText>) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, media_types::JSON)).body(text.0.clone())
}

async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ))
        .body(include_str!("docs.html"))
}

/// The page's own parts, and no other file of the bundle.
async fn file(name: Path<String>) -> Result<HttpResponse, Problem> {
    const START: &str = "start.js";
    const PARTS: [&str; 3] = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];
    let name = name.as_str();
    if name == START {
        let script = HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/javascript; charset=utf-8"))
            .body(include_str!("docs.js"));
        return Ok(script);
    }
    if !PARTS.contains(&name) {
        return Err(Problem::new(Code::NotFound));
    }
    let found = utoipa_swagger_ui::serve(name, std::sync::Arc::new(utoipa_swagger_ui::Config::from("/openapi.json")));
    match found {
        Ok(Some(file)) => {
            let mut response = HttpResponse::Ok();
            response
                .insert_header((header::CONTENT_TYPE, file.content_type))
                // The file changes with the binary alone.
                .insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
            if file.gzpipped {
                response.insert_header((header::CONTENT_ENCODING, "gzip"));
            }
            Ok(response.body(file.bytes.into_owned()))
        }
        Ok(None) => Err(Problem::new(Code::NotFound)),
        Err(error) => Err(Problem::internal(error.to_string())),
    }
}
