//! Users that were read a moment ago, for all replicas.

use std::{fmt, future::Future, time::Duration};

use async_trait::async_trait;
use bb8_redis::bb8::RunError;
use contacts_domain::{ids::UserId, ports::UserCache, user::User};
use redis::{RedisError, Script, aio::MultiplexedConnection};
use tokio::time::timeout;

use crate::{
    breaker::Breaker,
    entry::{VERSION_DIGITS, decode, encode, key},
    pool::Connections,
};

/// A call that takes longer costs more than the database that it was to spare.
const DEADLINE: Duration = Duration::from_millis(100);
/// How long Redis is left alone after a failure.
const REST: Duration = Duration::from_secs(1);
/// What the port allows at most.
pub(crate) const TIME_TO_LIVE_MS: u64 = 30_000;

/// Stores an entry unless a newer one is there. What does not look like an entry, or would stay for
/// longer than one, was not written by us, and is replaced.
const PUT: &str = "
    local stored = redis.pcall('GET', KEYS[1])
    local remaining = redis.call('PTTL', KEYS[1])
    if type(stored) == 'string' and remaining >= 0 and remaining <= tonumber(ARGV[2]) then
        local digits = tonumber(ARGV[3])
        local version = string.match(stored, '^' .. string.rep('%d', digits))
        if version and version > string.sub(ARGV[1], 1, digits) then
            return 0
        end
    end
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
    return 1
";

#[derive(Debug, thiserror::Error)]
#[error("this is not the URL of a Redis, as redis://:password@host:6379/0")]
pub struct InvalidUrl(#[source] RedisError);

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

/// Keeps each user for 30 seconds from when they were put.
pub struct RedisUserCache {
    connections: Connections,
    breaker: Breaker,
    deadline: Duration,
    put: Script,
}

impl RedisUserCache {
    /// Fails where the URL is malformed, and for no other reason: Redis may be down now and come up
    /// later.
    pub async fn connect(url: &str) -> Result<Self, InvalidUrl> {
        Self::connect_within(url, DEADLINE).await
    }

    /// The same with another deadline than 100 ms, for a Redis that is far away.
    pub async fn connect_within(url: &str, deadline: Duration) -> Result<Self, InvalidUrl> {
        Self::open(url, deadline, REST)
    }

    /// Must be called in a runtime: the pool has a task of its own.
    pub(crate) fn open(url: &str, deadline: Duration, rest: Duration) -> Result<Self, InvalidUrl> {
        Ok(Self {
            connections: Connections::open(url, deadline).map_err(InvalidUrl)?,
            breaker: Breaker::new(rest),
            deadline,
            put: Script::new(PUT),
        })
    }

    /// Sends one command, in time or not at all.
    async fn call<T, F>(&self, command: impl FnOnce(MultiplexedConnection) -> F + Send) -> Option<T>
    where
        T: Send,
        F: Future<Output = Result<T, RedisError>> + Send,
    {
        if !self.breaker.allows() {
            return None;
        }
        let answer = async {
            let connection = self.connections.get().await.map_err(|error| match error {
                RunError::User(error) => classify(error),
                RunError::TimedOut => Failure::NoConnection,
            })?;
            command(connection.redis.clone()).await.map_err(classify)
        };
        match timeout(self.deadline, answer).await.unwrap_or(Err(Failure::Deadline)) {
            Ok(answer) => {
                self.breaker.succeeded();
                Some(answer)
            }
            Err(failure) => {
                self.connections.distrust();
                if self.breaker.failed() {
                    tracing::warn!(%failure, "the user cache in Redis is out of order; users are read from the database");
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

#[async_trait]
impl UserCache for RedisUserCache {
    async fn get(&self, id: UserId) -> Option<User> {
        let get = async |mut redis: MultiplexedConnection| {
            redis::cmd("GET").arg(key(id)).query_async::<Option<Vec<u8>>>(&mut redis).await
        };
        let bytes = self.call(get).await??;
        decode(id, &bytes)
            .inspect_err(|reason| tracing::warn!(user = %id, %reason, "an entry of the user cache is ignored"))
            .ok()
    }

    async fn put(&self, user: &User) {
        let entry = match encode(user) {
            Ok(entry) => entry,
            Err(error) => {
                tracing::warn!(user = %user.id, %error, "a user cannot be cached");
                return;
            }
        };
        let mut put = self.put.key(key(user.id));
        put.arg(entry).arg(TIME_TO_LIVE_MS).arg(VERSION_DIGITS);
        self.call(async |mut redis| put.invoke_async::<i64>(&mut redis).await).await;
    }
}

impl fmt::Debug for RedisUserCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisUserCache").finish_non_exhaustive()
    }
}
