//! Whether the tests are run on one server or on replicas.

/// `TEST_REPLICAS=2` has each test that lets the harness start a server on PostgreSQL run on so many of them, which share
/// a Redis, behind a balancer that gives each request to the next one.
pub(super) fn count() -> Option<usize> {
    let count = std::env::var("TEST_REPLICAS").ok()?;
    Some(count.parse().expect("TEST_REPLICAS is a number of servers"))
}
