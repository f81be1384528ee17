//! Databases that live as long as one test.

use std::{env, path::PathBuf, thread};

use contacts_diesel::{Database, DatabaseConfig, DatabaseUrl, migrations};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

/// A SQLite database in a folder of its own.
pub(crate) struct SqliteDatabase {
    folder: TempDir,
}

impl SqliteDatabase {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        DatabaseUrl::sqlite(&self.path())
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("contacts.db")
    }
}

/// A PostgreSQL database of its own, dropped in the end.
pub(crate) struct PostgresDatabase {
    server: String,
    name: String,
}

impl PostgresDatabase {
    pub(crate) async fn new() -> Self {
        let server = env::var("TEST_DATABASE_URL")
            .unwrap_or_else(|_| panic!("TEST_DATABASE_URL is not set: run the tests with `make test`"));
        let name = format!("contacts_test_{}", uuid::Uuid::from_bytes(random_bytes()).simple());
        let client = connect(&server).await;
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        Self { server, name }
    }

    /// The server's URL with this database in place of the server's own.
    pub(crate) fn url_text(&self) -> String {
        let (base, query) = self.server.split_once('?').unwrap_or((&self.server, ""));
        let (authority, _) = base.rsplit_once('/').unwrap();
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        format!("{authority}/{}{query}", self.name)
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        DatabaseUrl::parse(&self.url_text()).unwrap()
    }

    /// Runs a statement beside the adapter.
    pub(crate) async fn execute(&self, sql: &str) {
        connect(&self.url_text()).await.batch_execute(sql).await.unwrap();
    }

    /// What a query answers in its column `line`, beside the adapter.
    pub(crate) async fn lines(&self, query: &str) -> Vec<String> {
        let rows = connect(&self.url_text()).await.query(query, &[]).await.unwrap();
        rows.iter().map(|row| row.get("line")).collect()
    }

    /// Runs a statement in a transaction that is open until this is dropped.
    pub(crate) async fn begin(&self, sql: &str) -> Client {
        let client = connect(&self.url_text()).await;
        client.batch_execute(&format!("BEGIN; {sql}")).await.unwrap();
        client
    }

    /// Ends every connection that the adapter has, as a restart of the server does.
    pub(crate) async fn cut_connections(&self) {
        let terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
        connect(&self.server).await.execute(terminate, &[&self.name]).await.unwrap();
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A test's runtime cannot be waited for from within, so another one drops the database.
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                connect(&server).await.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
            });
        });
        if dropping.join().is_err() && !thread::panicking() {
            panic!("the test's database could not be dropped");
        }
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Different in every test, without a generator of random numbers.
fn random_bytes() -> [u8; 16] {
    use std::hash::{BuildHasher, RandomState};
    let half = || RandomState::new().hash_one(thread::current().id());
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&half().to_be_bytes());
    bytes[8..].copy_from_slice(&half().to_be_bytes());
    bytes
}

/// Migrates and opens a database.
pub(crate) async fn open(url: DatabaseUrl) -> Database {
    migrations::up(&url).await.unwrap();
    Database::connect(&DatabaseConfig { url, pool_size: None }).await.unwrap()
}
