//! Connections to PostgreSQL that reads share.
//!
//! The server answers what comes on a connection in order, and more may be sent before it has answered (pipelining). So
//! reads wait for no connection, and what is asked at once travels together. Each runtime has its own: what a thread
//! asks comes back to the same thread, which nobody needs to wake (ADR 19).
//!
//! A slow query delays those behind it on its connection. Reads that cost little have one of their own, and the others
//! take the one of some that has the least to do.

use std::{
    ops::Deref,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use contacts_domain::ports::{RepositoryError, RepositoryResult};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use tokio::{sync::Mutex, task::JoinHandle, time::timeout};

use super::{PostgresUrl, per_runtime::PerRuntime};
use crate::reader::Cost;

/// Reads that cost little have one good plan, whatever they ask for: an index leads to them, in their order if it has
/// one. Left to itself PostgreSQL makes a plan for each, which takes longer than to carry it out, or keeps one that sorts
/// all contacts of an owner because most owners have few. (To be off is to be the last choice, at a price so high that it
/// would ask for compiling.)
const ONE_PLAN: &str = "SET plan_cache_mode = force_generic_plan; SET enable_sort = off; SET enable_seqscan = off; \
    SET jit = off";

/// The connections of every runtime that reads.
pub(crate) struct Pipelines {
    url: Arc<PostgresUrl>,
    /// How many a runtime has for reads that may cost much.
    lanes: usize,
    /// How long a read waits for a connection to be opened.
    patience: Duration,
    /// How long a connection is used. It keeps what it prepared.
    lifetime: Duration,
    places: PerRuntime<Arc<Places>>,
}

impl Pipelines {
    pub(crate) fn new(url: Arc<PostgresUrl>, lanes: usize, patience: Duration, lifetime: Duration) -> Self {
        Self { url, lanes, patience, lifetime, places: PerRuntime::new() }
    }

    /// A turn on a connection of this runtime.
    pub(crate) async fn turn(&self, cost: Cost) -> RepositoryResult<Turn> {
        let places = self.places.here(|_| Arc::new(Places::new(self.lanes)))?;
        let place = match cost {
            Cost::Little => &places.quick,
            Cost::Any => places.others.iter().min_by_key(|place| place.turns()).unwrap_or(&places.quick),
        };
        if let Some(pipeline) = place.usable(self.lifetime) {
            return Ok(Turn(pipeline));
        }
        match timeout(self.patience, self.renewed(place, cost)).await {
            Ok(Ok(pipeline)) => Ok(Turn(pipeline)),
            Ok(Err(error)) => {
                tracing::warn!(%error, "a connection to the database could not be opened");
                Err(unavailable(error))
            }
            Err(elapsed) => Err(unavailable(elapsed)),
        }
    }

    /// Opens a connection in place of one that is lost or has had its time. Of those who find it so, one does.
    async fn renewed(&self, place: &Place, cost: Cost) -> ConnectionResult<Arc<Pipeline>> {
        let _opening = match (place.alive(), place.opening.try_lock()) {
            (_, Ok(opening)) => opening,
            // What has had its time goes on until there is another.
            (Some(old), Err(_)) => return Ok(old),
            (None, Err(_)) => place.opening.lock().await,
        };
        if let Some(pipeline) = place.usable(self.lifetime) {
            return Ok(pipeline);
        }
        let pipeline = Arc::new(Pipeline::open(&self.url, cost).await?);
        *place.pipeline.write().unwrap_or_else(PoisonError::into_inner) = Some(pipeline.clone());
        Ok(pipeline)
    }
}

fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> RepositoryError {
    RepositoryError::Unavailable(error.into())
}

/// The connections of one runtime.
struct Places {
    quick: Place,
    others: Vec<Place>,
}

impl Places {
    fn new(lanes: usize) -> Self {
        Self { quick: Place::default(), others: (0..lanes).map(|_| Place::default()).collect() }
    }
}

/// Where a connection is, was or will be.
#[derive(Default)]
struct Place {
    pipeline: RwLock<Option<Arc<Pipeline>>>,
    opening: Mutex<()>,
}

impl Place {
    /// How many turns there are on the connection.
    fn turns(&self) -> usize {
        let pipeline = self.pipeline.read().unwrap_or_else(PoisonError::into_inner);
        // All but the place itself.
        pipeline.as_ref().map_or(0, |pipeline| Arc::strong_count(pipeline) - 1)
    }

    fn alive(&self) -> Option<Arc<Pipeline>> {
        let pipeline = self.pipeline.read().unwrap_or_else(PoisonError::into_inner);
        pipeline.as_ref().filter(|pipeline| !pipeline.driver.is_finished()).cloned()
    }

    fn usable(&self, lifetime: Duration) -> Option<Arc<Pipeline>> {
        self.alive().filter(|pipeline| pipeline.opened.elapsed() < lifetime)
    }
}

/// One connection. It closes when the last turn on it has ended and no place holds it.
struct Pipeline {
    connection: AsyncPgConnection,
    opened: Instant,
    /// What sends and receives; it ends with the connection, and with its runtime.
    driver: JoinHandle<()>,
}

impl Pipeline {
    async fn open(url: &PostgresUrl, cost: Cost) -> ConnectionResult<Self> {
        let (mut connection, driver) = url.connect().await?;
        if cost == Cost::Little {
            connection.batch_execute(ONE_PLAN).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        Ok(Self { connection, opened: Instant::now(), driver })
    }
}

/// The right to ask a query, beside others.
pub(crate) struct Turn(Arc<Pipeline>);

impl Deref for Turn {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        &self.0.connection
    }
}
