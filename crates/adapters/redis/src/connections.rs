//! Connections to Redis, and to which of its runs they are.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bb8_redis::{
    RedisConnectionManager,
    bb8::{self, ErrorSink, ManageConnection, PooledConnection, RunError},
};
use redis::{ErrorKind, InfoDict, RedisError, aio::MultiplexedConnection};
use tokio::runtime::Handle;

/// A connection is taken for one command, which is well under a millisecond.
const CONNECTIONS: u32 = 16;

/// A pool that connects when it is first used, and so begins without Redis.
pub(crate) struct Connections {
    pool: bb8::Pool<Manager>,
    generation: Arc<AtomicU64>,
}

impl Connections {
    /// Fails where the URL is malformed, and for no other reason.
    pub(crate) fn open(url: &str, deadline: Duration) -> Result<Self, RedisError> {
        let generation = Arc::<AtomicU64>::default();
        let manager = Manager {
            inner: RedisConnectionManager::new(url)?,
            runtime: Handle::current(),
            deadline,
            generation: generation.clone(),
        };
        let builder =
            bb8::Pool::builder().max_size(CONNECTIONS).connection_timeout(deadline).error_sink(Box::new(LogSink));
        Ok(Self { pool: builder.build_unchecked(manager), generation })
    }

    pub(crate) async fn get(&self) -> Result<PooledConnection<'_, Manager>, RunError<RedisError>> {
        self.pool.get().await
    }

    /// After a failure: drops every connection that is open by now. What broke one has most likely
    /// broken the others too, and each would cost a failure of its own.
    pub(crate) fn distrust(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }
}

/// Connects, and remembers since when.
///
/// The manager of `bb8-redis` never finds a connection broken, and would give out a dead one for
/// ever; and it asks Redis at each checkout, which would double every call. This one compares two
/// numbers instead.
pub(crate) struct Manager {
    inner: RedisConnectionManager,
    /// Where connections live: who asks for one may be on a thread that ends sooner.
    runtime: Handle,
    /// Of a call; the driver has a shorter one than a patient caller.
    deadline: Duration,
    /// How many failures there were.
    generation: Arc<AtomicU64>,
}

#[derive(Clone)]
pub(crate) struct Connection {
    pub(crate) redis: MultiplexedConnection,
    /// What Redis calls itself from its start to its end.
    pub(crate) run: Arc<str>,
    generation: u64,
}

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = RedisError;

    async fn connect(&self) -> Result<Connection, RedisError> {
        let inner = self.inner.clone();
        let connected = self.runtime.spawn(async move { inner.connect().await }).await;
        let mut redis = connected.map_err(|_| (ErrorKind::Client, "the connecting ended too soon"))??;
        redis.set_response_timeout(self.deadline);
        let run = run_id(&mut redis).await?;
        // Now that it works: whoever gave up waiting for it has found nothing wrong with it.
        let generation = self.generation.load(Ordering::Acquire);
        Ok(Connection { redis, run, generation })
    }

    async fn is_valid(&self, connection: &mut Connection) -> Result<(), RedisError> {
        if self.has_broken(connection) {
            return Err((ErrorKind::Client, "older than the last failure").into());
        }
        Ok(())
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        connection.generation != self.generation.load(Ordering::Acquire)
    }
}

/// Without it no entry could be told from one of an earlier run, and so nothing may be read.
pub(crate) async fn run_id(redis: &mut MultiplexedConnection) -> Result<Arc<str>, RedisError> {
    let info: InfoDict = redis::cmd("INFO").arg("server").query_async(redis).await?;
    let run =
        info.get::<String>("run_id").filter(|run| !run.is_empty() && run.bytes().all(|b| b.is_ascii_alphanumeric()));
    run.map(Arc::from).ok_or_else(|| (ErrorKind::UnexpectedReturnType, "Redis does not tell its run_id").into())
}

/// Why no connection could be opened; who waited for one only learns that there is none.
#[derive(Clone, Copy, Debug)]
struct LogSink;

impl ErrorSink<RedisError> for LogSink {
    fn sink(&self, error: RedisError) {
        tracing::debug!(%error, "no connection to Redis");
    }

    fn boxed_clone(&self) -> Box<dyn ErrorSink<RedisError>> {
        Box::new(*self)
    }
}
