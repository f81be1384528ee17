//! `/metrics`, on an address of its own: what is counted is not for those who use the API.

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::Server,
    http::{Method, header},
    web::{self, Data},
};
use contacts_application::Application;
use contacts_domain::ports::{Event, Exposition, Meter, MetricsReader};
use tokio::runtime::Handle;

/// How long the database may take to say how many mails wait: those who collect metrics wait for some seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// What can be collected, and where it comes from.
pub struct Metrics {
    /// Is asked how many mails wait, whenever somebody collects.
    pub application: Arc<Application>,
    /// Is told how many mails wait, before it is read.
    pub meter: Arc<dyn Meter>,
    /// Reads back what the meter was told.
    pub reader: Arc<dyn MetricsReader>,
    /// Runs the use cases; it must outlive the server.
    pub runtime: Handle,
}

/// Prepares to serve `/metrics`, and nothing else, on this listener. It ends when it is dropped or stopped.
pub fn serve_metrics(listener: TcpListener, metrics: Metrics) -> io::Result<Server> {
    let metrics = Data::new(metrics);
    let app = move || {
        let route = web::resource("/metrics").route(web::get().to(expose)).route(web::method(Method::HEAD).to(expose));
        App::new().app_data(metrics.clone()).service(route)
    };
    Ok(HttpServer::new(app).workers(1).disable_signals().listen(listener)?.run())
}

async fn expose(metrics: Data<Metrics>) -> HttpResponse {
    measure(&metrics).await;
    let Exposition { media_type, text } = metrics.reader.read();
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(text)
}

/// Where the database does not answer, the figures stay as they were.
async fn measure(metrics: &Metrics) {
    let application = metrics.application.clone();
    let measuring = metrics.runtime.spawn(async move { application.mail.measure_backlog.execute().await });
    if let Ok(Ok(Ok((backlog, oldest)))) = tokio::time::timeout(PATIENCE, measuring).await {
        metrics.meter.note(&Event::Outbox { backlog, oldest });
    }
}
