//! The schema's versions. They are part of the binary; nothing is read at run time.
//!
//! Diesel takes no lock for migrations, so each run takes one of its own: several servers that start
//! at once wait for each other.

use diesel::{
    Connection, RunQueryDsl, SqliteConnection,
    migration::{Migration as _, MigrationSource, MigrationVersion},
};
use diesel_async::{AsyncPgConnection, async_connection_wrapper::AsyncConnectionWrapper};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{
    contact::refold::refold,
    database::{Database, DatabaseConfig},
    sqlite,
    url::{DatabaseUrl, Kind},
};

pub(crate) const POSTGRES: EmbeddedMigrations = embed_migrations!("../../../migrations/postgres");
pub(crate) const SQLITE: EmbeddedMigrations = embed_migrations!("../../../migrations/sqlite");

/// Any number that nothing else in the database takes a lock on.
pub(crate) const LOCK: i64 = 0x636f_6e74_6163_7473;

/// One version of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// As its folder in `migrations/` is called, which begins with a number: they are applied in its order.
    pub name: String,
    /// Whether this database has it.
    pub applied: bool,
}

/// Why migrating ended. On PostgreSQL each migration is a transaction of its own, and what was applied before stays
/// applied; on SQLite all of them are one.
#[derive(Debug, thiserror::Error)]
#[error("the schema cannot be migrated")]
pub struct MigrationError(#[source] Box<dyn std::error::Error + Send + Sync>);

pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Applies what is pending, and names it; then folds anew what was folded by older rules.
pub async fn up(url: &DatabaseUrl) -> Result<Vec<String>, MigrationError> {
    let applied = run(url, Task::Up).await.map(names)?;
    let config = DatabaseConfig { url: url.clone(), pool_size: Some(1) };
    let database = Database::connect(&config).await.map_err(|error| MigrationError(error.into()))?;
    let folded = refold(&database).await.map_err(|error| MigrationError(error.into()))?;
    if folded > 0 {
        tracing::info!(contacts = folded, "folded anew, for the rules of searching have changed");
    }
    Ok(applied)
}

/// Reverts the last `steps` migrations, and names them, latest first. What they made is lost.
pub async fn down(url: &DatabaseUrl, steps: usize) -> Result<Vec<String>, MigrationError> {
    run(url, Task::Down(steps)).await.map(names)
}

/// Every migration in order, applied or pending.
pub async fn status(url: &DatabaseUrl) -> Result<Vec<Migration>, MigrationError> {
    run(url, Task::Status).await
}

fn names(migrations: Vec<Migration>) -> Vec<String> {
    migrations.into_iter().map(|migration| migration.name).collect()
}

/// The versions of the schema that this release knows, in order.
pub(crate) fn known() -> Outcome<Vec<String>> {
    let all = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE)?;
    let mut versions: Vec<_> = all.iter().map(|migration| migration.name().version().to_string()).collect();
    versions.sort();
    Ok(versions)
}

#[derive(Clone, Copy)]
pub(crate) enum Task<'a> {
    Up,
    Down(usize),
    /// To this version, from wherever it is.
    To(&'a str),
    Status,
}

async fn run(url: &DatabaseUrl, task: Task<'static>) -> Result<Vec<Migration>, MigrationError> {
    let outcome = match &url.0 {
        Kind::Postgres(url) => {
            let (connection, _) = url.connect("").await.map_err(|error| MigrationError(error.into()))?;
            tokio::task::spawn_blocking(move || on_postgres(connection, task)).await
        }
        Kind::Sqlite(path) => {
            let path = path.clone();
            tokio::task::spawn_blocking(move || on_sqlite(&path, task)).await
        }
    };
    outcome.map_err(|panicked| MigrationError(panicked.into()))?.map_err(MigrationError)
}

fn on_postgres(connection: AsyncPgConnection, task: Task<'_>) -> Outcome<Vec<Migration>> {
    let mut connection = AsyncConnectionWrapper::<AsyncPgConnection>::from(connection);
    // Held until the connection closes, at the end of this function.
    diesel::sql_query("SELECT pg_advisory_lock($1)")
        .bind::<diesel::sql_types::BigInt, _>(LOCK)
        .execute(&mut connection)?;
    perform(&mut connection, POSTGRES, task)
}

fn on_sqlite(path: &std::path::Path, task: Task<'_>) -> Outcome<Vec<Migration>> {
    sqlite::create_file(path)?;
    let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
    sqlite::configure(&mut connection)?;
    connection.immediate_transaction(|connection| perform(connection, SQLITE, task))
}

pub(crate) fn perform<C, DB>(connection: &mut C, source: EmbeddedMigrations, task: Task<'_>) -> Outcome<Vec<Migration>>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
{
    let mut all = MigrationSource::<DB>::migrations(&source)?;
    all.sort_by(|a, b| a.name().version().cmp(&b.name().version()));
    let applied = connection.applied_migrations()?;
    match task {
        Task::Status => Ok(all
            .iter()
            .map(|migration| {
                let applied = applied.contains(&migration.name().version());
                Migration { name: migration.name().to_string(), applied }
            })
            .collect()),
        Task::Up => all
            .iter()
            .filter(|migration| !applied.contains(&migration.name().version()))
            .map(|migration| {
                connection.run_migration(migration)?;
                Ok(Migration { name: migration.name().to_string(), applied: true })
            })
            .collect(),
        Task::Down(steps) => all
            .iter()
            .rev()
            .filter(|migration| applied.contains(&migration.name().version()))
            .take(steps)
            .map(|migration| {
                connection.revert_migration(migration)?;
                Ok(Migration { name: migration.name().to_string(), applied: false })
            })
            .collect(),
        Task::To(version) => {
            let version = MigrationVersion::from(version.to_owned());
            let mut done = Vec::new();
            for migration in all.iter().rev().filter(|migration| migration.name().version() > version) {
                if applied.contains(&migration.name().version()) {
                    connection.revert_migration(migration)?;
                    done.push(Migration { name: migration.name().to_string(), applied: false });
                }
            }
            for migration in all.iter().filter(|migration| migration.name().version() <= version) {
                if !applied.contains(&migration.name().version()) {
                    connection.run_migration(migration)?;
                    done.push(Migration { name: migration.name().to_string(), applied: true });
                }
            }
            Ok(done)
        }
    }
}
