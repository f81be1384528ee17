//! A database for one test, gone after it.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    thread,
};

use reqwest::Url;
use tokio_postgres::NoTls;
use uuid::Uuid;

pub(crate) enum TestDatabase {
    /// A file in the test's folder.
    Sqlite,
    /// A database of its own on the server of `TEST_DATABASE_URL`.
    Postgres { name: String },
    /// One that the test itself looks after.
    Given(Url),
}

impl TestDatabase {
    pub(crate) async fn create_postgres() -> Self {
        let name = format!("contacts_test_{}", unique().simple());
        execute(&format!("CREATE DATABASE {name}")).await.expect("create a database for this test");
        Self::Postgres { name }
    }

    /// Where the server finds it. `None` leaves it to the server's default.
    pub(crate) fn url(&self) -> Option<Url> {
        match self {
            Self::Sqlite => None,
            Self::Given(url) => Some(url.clone()),
            Self::Postgres { name } => {
                let mut url = test_database_url();
                url.set_path(name);
                Some(url)
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Self::Postgres { name } = self else { return };
        // The server may have been killed a moment ago: its connections must not keep the database.
        let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        // A thread, for a runtime cannot be started within another, and a test runs within one.
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(execute(&statement))
        });
        match dropped.join() {
            Ok(Ok(())) => {}
            // Not a panic: the test itself may be panicking.
            other => eprintln!("could not drop the database {name}: {other:?}"),
        }
    }
}

/// Runs one statement on the database that `TEST_DATABASE_URL` names.
async fn execute(statement: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(test_database_url().as_str(), NoTls).await?;
    let connection = tokio::spawn(connection);
    let result = client.batch_execute(statement).await;
    drop(client);
    let _ = connection.await;
    result
}

fn test_database_url() -> Url {
    let url = std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL is not set: run the tests with `make test`");
    Url::parse(&url).expect("TEST_DATABASE_URL is a URL")
}

/// What nobody else has: many test processes share one machine, so a counter would not do.
pub(super) fn unique() -> Uuid {
    // The standard library seeds every hasher of this kind by chance.
    let random = || RandomState::new().build_hasher().finish();
    Uuid::from_u64_pair(random(), random())
}
