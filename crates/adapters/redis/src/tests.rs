//! The adapters against a real Redis, and against one in trouble.

mod invalidations;
mod limits;
mod messages;
mod proxy;
mod restarts;
mod sharing;
mod suites;
mod trouble;

use std::{env, time::Duration};

use contacts_contract::user_cache::cached;
use contacts_domain::{
    ports::UserCache,
    session::{CachedUser, CurrentUser},
    user::User,
};
use redis::aio::MultiplexedConnection;
use tokio::time::timeout;

use crate::{RedisRateLimiter, RedisUserCache, client::Timing, connections::run_id, keys};

/// Long enough for any machine: these tests are about what is answered, not how fast.
const PATIENCE: Duration = Duration::from_secs(30);
/// Waits for a slow Redis, and tries again at once after a failure.
const PATIENT: Timing = Timing { deadline: PATIENCE, rest: Duration::ZERO };
const ANY_PORT: &str = "127.0.0.1:0";

fn redis_url() -> String {
    env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL is not set: run the tests with `make test`")
}

fn patient_cache(url: &str) -> RedisUserCache {
    RedisUserCache::open_with(url, PATIENT).unwrap()
}

fn patient_limiter(url: &str) -> RedisRateLimiter {
    RedisRateLimiter::open_with(url, PATIENT).unwrap()
}

/// A connection of the test's own.
async fn redis() -> MultiplexedConnection {
    let client = redis::Client::open(redis_url()).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

/// Fails a test that would hang.
async fn in_time<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.expect("this takes too long")
}

async fn find(cache: &impl UserCache, entry: &CachedUser) -> Option<CachedUser> {
    cache.get(entry.current.user.id, entry.current.session).await
}

/// The entry with that version of its user.
fn of_version(entry: &CachedUser, version: i64) -> CachedUser {
    let user = User { version, ..entry.current.user.clone() };
    CachedUser { current: CurrentUser { user, ..entry.current.clone() }, ..entry.clone() }
}

/// An entry that nobody knows yet, with what it and its minimum are called.
async fn unknown_entry() -> (CachedUser, String, String) {
    let entry = cached(User { version: 5, ..contacts_contract::fixtures::user() });
    let run = run_id(&mut redis().await).await.unwrap();
    let user = entry.current.user.id;
    let names = (keys::entry(&run, user, entry.current.session), keys::minimum(&run, user));
    (entry, names.0, names.1)
}
