//! Connections to PostgreSQL that reads share.
//!
//! The server answers what comes on a connection in order, and more may be sent before it has answered (pipelining). So
//! reads wait for no connection, and what is asked at once travels together. Each runtime has its own: what a thread
//! asks comes back to the same thread, which nobody needs to wake (ADR 19). Of many cores some share.
//!
//! A slow query delays those behind it on its connection. Reads that cost little have one of their own, and the others
//! take the one of some that has the least to do.

use std::{
    ops::Deref,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use contacts_domain::ports::{RepositoryError, RepositoryResult};
use diesel::ConnectionResult;
use diesel_async::AsyncPgConnection;
use tokio::{
    runtime::Id,
    sync::Mutex,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{PostgresUrl, Shares, per_runtime::PerRuntime};
use crate::reader::Cost;

/// Reads that cost little have one good plan, whatever they ask for: an index leads to them, in their order if it has
/// one. Left to itself PostgreSQL makes a plan for each, which takes longer than to carry it out, or keeps one that sorts
/// all contacts of an owner because most owners have few. (To be off is to be the last choice, at a price so high that it
/// would ask for compiling.)
///
/// One that waits, as for a table that is being altered, makes all others wait that share its connection.
const QUICK: &str = "SET plan_cache_mode = force_generic_plan; SET enable_sort = off; SET enable_seqscan = off; \
    SET jit = off; SET statement_timeout = '5s'";
/// As long as anybody waits for an answer.
const ANY: &str = "SET statement_timeout = '15s'";
/// How long a connection that could not be replaced goes on until that is tried again.
const PAUSE: Duration = Duration::from_secs(1);

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
    pub(crate) fn new(url: Arc<PostgresUrl>, main: Id, shares: Shares, patience: Duration, lifetime: Duration) -> Self {
        let places = PerRuntime::new(main, shares.cores as usize);
        Self { url, lanes: shares.lanes as usize, patience, lifetime, places }
    }

    /// A turn on a connection of this runtime.
    pub(crate) async fn turn(&self, cost: Cost) -> RepositoryResult<Turn> {
        let places = self.places.here(|_, _| Arc::new(Places::new(self.lanes)))?;
        let place = match cost {
            Cost::Little => &places.quick,
            Cost::Any => places.others.iter().min_by_key(|place| place.turns()).unwrap_or(&places.quick),
        };
        let pipeline = match place.alive() {
            Some(pipeline) => {
                if pipeline.opened.elapsed() >= self.lifetime {
                    self.renew(place, cost);
                }
                pipeline
            }
            None => match places.another(cost) {
                Some(pipeline) => {
                    self.renew(place, cost);
                    pipeline
                }
                None => timeout(self.patience, self.opened(place, cost)).await.map_err(unavailable)??,
            },
        };
        Ok(Turn(pipeline))
    }

    /// Opens a connection where there is none. Of those who find it so, one does.
    async fn opened(&self, place: &Place, cost: Cost) -> RepositoryResult<Arc<Pipeline>> {
        let _opening = place.opening.lock().await;
        match place.alive() {
            Some(pipeline) => Ok(pipeline),
            None => place.open(&self.url, cost).await.map_err(unavailable),
        }
    }

    /// Opens a connection in place of one that has had its time, or is not there: meanwhile others do.
    fn renew(&self, place: &Arc<Place>, cost: Cost) {
        let Ok(opening) = place.opening.clone().try_lock_owned() else { return };
        let (place, url) = (place.clone(), self.url.clone());
        tokio::spawn(async move {
            if place.open(&url, cost).await.is_err() {
                sleep(PAUSE).await;
            }
            drop(opening);
        });
    }
}

fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> RepositoryError {
    RepositoryError::Unavailable(error.into())
}

/// The connections of one runtime.
struct Places {
    quick: Arc<Place>,
    others: Vec<Arc<Place>>,
}

impl Places {
    fn new(lanes: usize) -> Self {
        Self { quick: Arc::default(), others: (0..lanes).map(|_| Arc::default()).collect() }
    }

    /// A connection for reads of this cost, wherever there is one.
    fn another(&self, cost: Cost) -> Option<Arc<Pipeline>> {
        match cost {
            Cost::Little => None,
            // One that is held here has one turn more, each of them.
            Cost::Any => self.others.iter().filter_map(|place| place.alive()).min_by_key(Arc::strong_count),
        }
    }
}

/// Where a connection is, was or will be.
#[derive(Default)]
struct Place {
    pipeline: RwLock<Option<Arc<Pipeline>>>,
    /// Held by who opens another.
    opening: Arc<Mutex<()>>,
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

    async fn open(&self, url: &PostgresUrl, cost: Cost) -> ConnectionResult<Arc<Pipeline>> {
        let opened = Pipeline::open(url, cost).await;
        let pipeline = Arc::new(
            opened.inspect_err(|error| tracing::warn!(%error, "a connection to the database could not be opened"))?,
        );
        *self.pipeline.write().unwrap_or_else(PoisonError::into_inner) = Some(pipeline.clone());
        Ok(pipeline)
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
        let settings = match cost {
            Cost::Little => QUICK,
            Cost::Any => ANY,
        };
        let (connection, driver) = url.connect(settings).await?;
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
