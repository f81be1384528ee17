//! The cache against a real Redis, and against one in trouble.

mod proxy;
mod sharing;
mod trouble;

use std::{env, sync::Arc, time::Duration};

use contacts_contract::Subject;
use contacts_domain::ports::UserCache;
use redis::aio::MultiplexedConnection;

use crate::RedisUserCache;

/// Long enough for any machine: these tests are about what is answered, not how fast.
const PATIENCE: Duration = Duration::from_secs(20);

fn redis_url() -> String {
    env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL is not set: run the tests with `make test`")
}

/// A cache that waits for a slow Redis, and tries again at once after a failure.
fn patient(url: &str) -> RedisUserCache {
    RedisUserCache::open(url, PATIENCE, Duration::ZERO).unwrap()
}

/// A connection of the test's own.
async fn redis() -> MultiplexedConnection {
    let client = redis::Client::open(redis_url()).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

async fn user_cache() -> Subject<Arc<dyn UserCache>> {
    let cache: Arc<dyn UserCache> = Arc::new(patient(&redis_url()));
    cache.into()
}

mod contract {
    contacts_contract::user_cache_suite!(super::user_cache);
}
