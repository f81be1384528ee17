//! The server: routes and what surrounds them, from its start to its end.

use std::{
    io,
    net::{Shutdown, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{
    App, HttpServer,
    body::BoxBody,
    dev::{self, ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::from_fn,
    web::{self, Data},
};
use paperclip::actix::OpenApiExt;
use socket2::SockRef;

use crate::{
    draining::Draining,
    last_connections::make_no_more_connections,
    middleware::{self, address_guard::AddressGuards},
    openapi_document::openapi_document,
    routes::{self, DocumentText},
    state::State,
};

/// How long the head of a connection's first request may take to arrive.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take to see that its connection is closed. One that is still sending a body that nobody
/// wants is listened to as long, so that it sees the answer.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an idle connection is kept: longer than the 60 seconds after which proxies usually close their
/// side, so that none of them sends a request into a connection that ends here.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long the server has to take the connections that the system has made for it.
const TAKING: Duration = Duration::from_millis(100);
/// How long those who connected in time have to send their request once the listener is closed. Nothing tells
/// a connection on which a request is about to come from one that is idle.
const SETTLING: Duration = Duration::from_millis(500);
/// How many seconds requests that are under way have to finish once the server stops.
const SHUTDOWN_TIMEOUT: u64 = 30;

/// A server that listens. It answers once it [runs](Self::run).
pub struct Server {
    server: dev::Server,
    guards: AddressGuards,
    stopper: Stopper,
}

impl Server {
    /// Answers requests until it is stopped, and ends when the last of them is answered.
    pub async fn run(self) -> io::Result<()> {
        let Self { server, guards, stopper: _ } = self;
        tokio::select! {
            ended = server => ended,
            never = guards.keep_tidy() => match never {},
        }
    }

    /// What ends this server, to be kept while it runs.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }
}

/// Ends a server in two steps, so that no request fails for it: first those who send requests are told to
/// send them elsewhere, and then, when they have heard it, the listener closes.
#[derive(Clone)]
pub struct Stopper {
    handle: ServerHandle,
    listener: Arc<TcpListener>,
    draining: Draining,
}

impl Stopper {
    /// From now on `/readyz` says 503, and each answer is the last one of its connection. All else is
    /// answered as before.
    pub fn drain(&self) {
        self.draining.begin();
    }

    /// Closes the listener, half a second later every connection that is idle, and waits until the requests
    /// that are under way are answered, for 30 seconds at most. The server must be running meanwhile. Whoever
    /// has not heard of [`drain`](Self::drain) by now may find its connection closed as it sends.
    pub async fn stop(&self) {
        self.drain();
        match make_no_more_connections(&self.listener) {
            Ok(()) => tokio::time::sleep(TAKING).await,
            Err(error) => tracing::debug!(%error, "connections that are just being made end with the listener"),
        }
        // The server would close connections together with its listener, those on which the first request is
        // just arriving among them. Where a system cannot close a listener that is in use, that remains so.
        match SockRef::from(&*self.listener).shutdown(Shutdown::Both) {
            Ok(()) => tokio::time::sleep(SETTLING).await,
            Err(error) => tracing::debug!(%error, "the listener is closed together with its connections"),
        }
        self.handle.stop(true).await;
    }
}

/// Prepares to serve on this listener. Signals are left to the caller, who has the [`Stopper`].
pub fn serve(listener: TcpListener, state: State) -> io::Result<Server> {
    let guards = AddressGuards::new(state.settings(), state.meter())?;
    let draining = state.draining().clone();
    // The same socket by another name.
    let closer = Arc::new(listener.try_clone()?);
    let shared = Shared { state: Data::new(state), document: document(), guards: guards.clone() };
    let server = HttpServer::new(move || app(&shared))
        .disable_signals()
        .client_request_timeout(HEAD_TIMEOUT)
        .client_disconnect_timeout(DISCONNECT_TIMEOUT)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(SHUTDOWN_TIMEOUT)
        .listen(listener)?
        .run();
    let stopper = Stopper { handle: server.handle(), listener: closer, draining };
    Ok(Server { server, guards, stopper })
}

/// What all workers share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) state: Data<State>,
    pub(crate) document: Data<DocumentText>,
    pub(crate) guards: AddressGuards,
}

pub(crate) fn document() -> Data<DocumentText> {
    Data::new(DocumentText(openapi_document().to_string()))
}

/// The routes and what surrounds them, for one worker.
pub(crate) fn app(
    shared: &Shared,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    let Shared { state, document, guards } = shared;
    App::new()
        .app_data(state.clone())
        .app_data(document.clone())
        // The last one is the outermost.
        .wrap(from_fn(middleware::head_as_get))
        .wrap(guards.contacts())
        .wrap(guards.auth())
        .wrap(from_fn(middleware::drain))
        .wrap(middleware::cors(&state.settings().cors_origins))
        .wrap(from_fn(middleware::observe))
        .configure(routes::undocumented)
        .default_service(web::to(routes::nowhere))
        .wrap_api()
        .configure(routes::documented)
        .build()
}
