//! The server: routes and what surrounds them.

use std::{future::Future, io, net::TcpListener};

use actix_web::{
    App, HttpServer,
    middleware::from_fn,
    web::{self, Data},
};
use paperclip::actix::OpenApiExt;

use crate::{
    middleware,
    openapi_document::openapi_document,
    routes::{self, DocumentText},
    state::State,
};

/// Serves until the process is told to stop (SIGTERM, SIGINT), and finishes the requests that are
/// under way then.
pub fn serve(listener: TcpListener, state: State) -> io::Result<impl Future<Output = io::Result<()>>> {
    let state = Data::new(state);
    let document = Data::new(DocumentText(openapi_document().to_string()));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .app_data(document.clone())
            // The last one is the outermost.
            .wrap(from_fn(middleware::head_as_get))
            .wrap(from_fn(middleware::drain))
            .wrap(from_fn(middleware::observe))
            .configure(routes::undocumented)
            .default_service(web::to(routes::nowhere))
            .wrap_api()
            .configure(routes::documented)
            .build()
    });
    Ok(server.listen(listener)?.run())
}
