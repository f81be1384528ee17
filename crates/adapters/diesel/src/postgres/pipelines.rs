//! Connections to PostgreSQL that quick reads share.
//!
//! The server answers what comes on a connection in order, and more may be sent before it has answered (pipelining). So
//! these reads wait for no connection, and what is asked at once travels together. A slow query would delay those
//! behind it: only what costs little, however much there is in the database, is asked here (ADR 19).

use std::{
    ops::Deref,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use contacts_domain::ports::{RepositoryError, RepositoryResult};
use diesel::ConnectionResult;
use diesel_async::AsyncPgConnection;
use tokio::{
    sync::{Mutex, MutexGuard},
    task::JoinHandle,
    time::timeout,
};

use super::PostgresUrl;

/// Some connections, each opened when the others are busy for the first time.
pub(crate) struct Pipelines {
    url: PostgresUrl,
    places: Vec<Arc<Place>>,
    /// How long a read waits for a connection to be opened.
    patience: Duration,
    /// How long a connection is used. It keeps what it prepared.
    lifetime: Duration,
}

impl Pipelines {
    /// `count` connections at most.
    pub(crate) fn new(url: PostgresUrl, count: usize, patience: Duration, lifetime: Duration) -> Self {
        Self { url, places: (0..count.max(1)).map(|_| Arc::default()).collect(), patience, lifetime }
    }

    /// A turn on the connection that has the least to do.
    pub(crate) async fn turn(&self) -> RepositoryResult<Turn> {
        let turns = |place: &&Arc<Place>| place.turns.load(Ordering::Relaxed);
        let Some(place) = self.places.iter().min_by_key(turns) else {
            return Err(RepositoryError::Backend("there is no connection to read with".into()));
        };
        // Counted before the connection is there: others then open another one meanwhile.
        let counted = Counted::new(place.clone());
        if let Some(pipeline) = place.usable(self.lifetime) {
            return Ok(Turn { pipeline, _counted: counted });
        }
        match timeout(self.patience, self.renewed(place)).await {
            Ok(Ok(pipeline)) => Ok(Turn { pipeline, _counted: counted }),
            Ok(Err(error)) => {
                tracing::warn!(%error, "a connection to the database could not be opened");
                Err(RepositoryError::Unavailable(error.into()))
            }
            Err(elapsed) => Err(RepositoryError::Unavailable(elapsed.into())),
        }
    }

    /// Opens a connection in place of one that is lost or has had its time. Of those who find it so, one does.
    async fn renewed(&self, place: &Place) -> ConnectionResult<Arc<Pipeline>> {
        let turn: MutexGuard<'_, ()> = match (place.alive(), place.opening.try_lock()) {
            (_, Ok(turn)) => turn,
            // What has had its time goes on until there is another.
            (Some(old), Err(_)) => return Ok(old),
            (None, Err(_)) => place.opening.lock().await,
        };
        if let Some(pipeline) = place.usable(self.lifetime) {
            return Ok(pipeline);
        }
        let pipeline = Arc::new(Pipeline::open(&self.url).await?);
        *place.pipeline.write().unwrap_or_else(PoisonError::into_inner) = Some(pipeline.clone());
        drop(turn);
        Ok(pipeline)
    }
}

/// Where a connection is, was or will be.
#[derive(Default)]
struct Place {
    pipeline: RwLock<Option<Arc<Pipeline>>>,
    turns: AtomicUsize,
    opening: Mutex<()>,
}

impl Place {
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
    /// What sends and receives; it ends with the connection.
    driver: JoinHandle<()>,
}

impl Pipeline {
    async fn open(url: &PostgresUrl) -> ConnectionResult<Self> {
        let (connection, driver) = url.connect_driven().await?;
        Ok(Self { connection, opened: Instant::now(), driver })
    }
}

/// One more turn of a place, until this is dropped.
struct Counted(Arc<Place>);

impl Counted {
    fn new(place: Arc<Place>) -> Self {
        place.turns.fetch_add(1, Ordering::Relaxed);
        Self(place)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.turns.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The right to ask one query, beside others.
pub(crate) struct Turn {
    pipeline: Arc<Pipeline>,
    _counted: Counted,
}

impl Deref for Turn {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        &self.pipeline.connection
    }
}
