//! What every handler shares.

use std::{future::Future, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use actix_web::web::Bytes;
use contacts_application::{Application, Error};
use contacts_domain::{
    ports::{IdGenerator, Meter},
    rate_limit::RateLimit,
};
use futures_util::{FutureExt, Stream, stream::BoxStream};
use tokio::runtime::Handle;
use tracing::Instrument;

use crate::{
    draining::Draining,
    handover::{self, hand_over},
    places::{Place, Places},
    problem::Problem,
    to_its_end::ToItsEnd,
};

/// How long a use case may take before its client is told to come back.
const DEADLINE: Duration = Duration::from_secs(15);

/// How this face is reached.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The base of links, without a slash at the end: `https://contacts.example.com`.
    pub public_url: String,
    /// How many proxies stand in front, each of which adds to `X-Forwarded-For`.
    pub trusted_proxies: usize,
    /// How often one address may ask. `None` = as often as anybody likes.
    pub limits: Option<AddressLimits>,
    /// The origins whose pages may send requests, each exactly as a browser writes it:
    /// `https://app.example.com`. Where there is none, CORS is off.
    pub cors_origins: Vec<String>,
}

/// How often one client address may ask, in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressLimits {
    /// Of everything that proves who somebody is: passwords, tokens, mailed links.
    pub auth: RateLimit,
    /// Of everything else below `/api/v1`.
    pub contacts: RateLimit,
}

/// The application, and where it runs.
pub struct State {
    application: Arc<Application>,
    ids: Arc<dyn IdGenerator>,
    settings: Settings,
    draining: Draining,
    uploads: Places,
    batches: Places,
    exports: Places,
    patience: Duration,
    runtime: Handle,
    meter: Option<Arc<dyn Meter>>,
}

impl State {
    /// `runtime` runs the use cases; it must outlive the server.
    pub fn new(application: Arc<Application>, ids: Arc<dyn IdGenerator>, settings: Settings, runtime: Handle) -> Self {
        Self {
            application,
            ids,
            settings,
            draining: Draining::default(),
            uploads: Places::uploads(),
            batches: Places::batches(),
            exports: Places::exports(),
            patience: handover::PATIENCE,
            runtime,
            meter: None,
        }
    }

    /// With somebody who is told of every answer.
    pub fn metered(self, meter: Arc<dyn Meter>) -> Self {
        Self { meter: Some(meter), ..self }
    }

    pub(crate) fn meter(&self) -> Option<&Arc<dyn Meter>> {
        self.meter.as_ref()
    }

    /// Runs a use case to its end, in a task of its own: a client that hangs up must not cut a
    /// transaction in half. The deadline ends the waiting, never the work.
    pub(crate) async fn run<T, F>(&self, work: impl FnOnce(Arc<Application>) -> F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let task = self.runtime.spawn(work(self.application.clone()).in_current_span());
        match tokio::time::timeout(DEADLINE, task).await {
            Ok(Ok(result)) => result.map_err(Problem::from),
            Ok(Err(panicked)) => Err(Problem::internal(panicked)),
            Err(elapsed) => Err(Problem::unavailable(elapsed)),
        }
    }

    /// Runs a use case of one contact or one page where it stands: to hand it to another thread would cost more than most
    /// of them do. What is left of one for which nobody waits any more runs to its end in a task of its own, as all others.
    pub(crate) async fn in_place<T, F>(&self, work: impl FnOnce(Arc<Application>) -> F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let work = AssertUnwindSafe(work(self.application.clone())).catch_unwind();
        match tokio::time::timeout(DEADLINE, ToItsEnd::new(work, self.runtime.clone())).await {
            Ok(Ok(result)) => result.map_err(Problem::from),
            Ok(Err(_)) => Err(Problem::internal("a panic")),
            Err(elapsed) => Err(Problem::unavailable(elapsed)),
        }
    }

    /// Hands over what a client reads at its own pace ([`hand_over`]). It is made in a task of its own, too.
    pub(crate) fn hand_over(
        &self,
        place: Place,
        pieces: impl Stream<Item = Result<Bytes, Problem>> + Send + 'static,
    ) -> BoxStream<'static, Result<Bytes, Problem>> {
        hand_over(&self.runtime, place, self.patience, pieces)
    }

    /// With clients whose patience is tried less.
    #[cfg(test)]
    pub(crate) fn waiting_for_readers(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    pub(crate) fn new_request_id(&self) -> String {
        self.ids.next().to_string()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn draining(&self) -> &Draining {
        &self.draining
    }

    pub(crate) fn uploads(&self) -> &Places {
        &self.uploads
    }

    pub(crate) fn batches(&self) -> &Places {
        &self.batches
    }

    pub(crate) fn exports(&self) -> &Places {
        &self.exports
    }

    /// Whether clients reach this service over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.settings.public_url.starts_with("https://")
    }

    pub(crate) fn trusted_proxies(&self) -> usize {
        self.settings.trusted_proxies
    }

    pub(crate) fn public_url(&self) -> &str {
        &self.settings.public_url
    }
}
