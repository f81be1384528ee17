//! How Redis is asked: in time or not at all, and not while it is out of order.

use std::{future::Future, time::Duration};

use bb8_redis::bb8::RunError;
use redis::RedisError;
use tokio::time::timeout;

use crate::{
    breaker::Breaker,
    connections::{Connection, Connections},
};

/// The text is no URL of a Redis. Whether one answers there is another question, which is asked later.
#[derive(Debug, thiserror::Error)]
#[error("this is not the URL of a Redis, as redis://:password@host:6379/0")]
pub struct InvalidUrl(#[source] pub(crate) RedisError);

/// Why a call came to nothing. It says nothing of what is stored.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("no answer in time")]
    Deadline,
    #[error("no connection")]
    NoConnection,
    #[error("{}", .0.category())]
    Refused(RedisError),
    #[error("{0}")]
    Broken(RedisError),
}

/// How long a call may take, and how long Redis is left alone after a failure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    pub(crate) deadline: Duration,
    pub(crate) rest: Duration,
}

impl Timing {
    /// A call that takes longer costs more than the database, or the limit, that it was to spare.
    pub(crate) const USUAL: Self = Self { deadline: Duration::from_millis(100), rest: Duration::from_secs(1) };
}

/// Connections and a breaker. Each adapter has its own: what Redis denies to one, it may grant to
/// another.
pub(crate) struct Client {
    connections: Connections,
    breaker: Breaker,
    deadline: Duration,
    /// What it means that Redis is out of order, for the log.
    consequence: &'static str,
}

impl Client {
    /// Fails where the URL is malformed, and for no other reason: Redis may be down now and come up
    /// later. Must be called in a runtime: the pool has a task of its own.
    pub(crate) fn open(url: &str, timing: Timing, consequence: &'static str) -> Result<Self, InvalidUrl> {
        Ok(Self {
            connections: Connections::open(url, timing.deadline).map_err(InvalidUrl)?,
            breaker: Breaker::new(timing.rest),
            deadline: timing.deadline,
            consequence,
        })
    }

    /// Sends one command, in time or not at all; not at all while Redis is left alone.
    pub(crate) async fn call<T, F>(&self, command: impl FnOnce(Connection) -> F + Send) -> Option<T>
    where
        T: Send,
        F: Future<Output = Result<T, RedisError>> + Send,
    {
        if !self.breaker.allows() {
            return None;
        }
        self.insist(command).await
    }

    /// Sends one command in time, or not at all, though Redis may be left alone by others.
    pub(crate) async fn insist<T, F>(&self, command: impl FnOnce(Connection) -> F + Send) -> Option<T>
    where
        T: Send,
        F: Future<Output = Result<T, RedisError>> + Send,
    {
        let answer = async {
            let connection = self.connections.get().await.map_err(|error| match error {
                RunError::User(error) => classify(error),
                RunError::TimedOut => Failure::NoConnection,
            })?;
            command(connection.clone()).await.map_err(classify)
        };
        match timeout(self.deadline, answer).await.unwrap_or(Err(Failure::Deadline)) {
            Ok(answer) => {
                self.breaker.succeeded();
                Some(answer)
            }
            Err(failure) => {
                // Who only waited for a connection knows nothing of those that are open.
                if !matches!(failure, Failure::NoConnection) {
                    self.connections.distrust();
                }
                if self.breaker.failed() {
                    tracing::warn!(%failure, consequence = self.consequence, "Redis is out of order");
                }
                None
            }
        }
    }
}

/// The text of an error that Redis sent, or that came of its answer, may quote what is stored.
fn classify(error: RedisError) -> Failure {
    if error.is_io_error() { Failure::Broken(error) } else { Failure::Refused(error) }
}
