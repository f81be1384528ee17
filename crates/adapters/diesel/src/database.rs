//! The database: its pools, and the ports it implements.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use async_trait::async_trait;
use contacts_domain::ports::{
    AuditReader, ContactReader, OutboxReader, ReadRepositories, RepositoryError, RepositoryResult, SessionReader,
    UnitOfWork, UnitOfWorkFactory, UserReader,
};
use diesel::{IntoSql, sql_types::Integer};
use tokio::runtime::Handle;

use crate::{
    connection::Conn,
    postgres::{Pipelines, Shares, Writers},
    reader::{Cost, Reader, read},
    sqlite::{self, ReaderManager, SqliteReader, Writer},
    unit_of_work::DieselUnitOfWork,
    url::{DatabaseUrl, Kind},
    warnings::Warnings,
};

/// How long a request waits for a connection before it is told that there is none.
const POOL_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a connection keeps what it prepared. Filters and sorts combine to very many statements: a
/// client that tries them all must not fill the memory of every connection for good.
const LIFETIME: Duration = Duration::from_secs(5 * 60);
/// How long the database may take to say that it is there.
const PING_TIMEOUT: Duration = Duration::from_secs(2);
/// More readers than this gain nothing: SQLite's reads are bound by the processor.
const MAX_SQLITE_READERS: u32 = 4;

/// Where the database is, and how much of it this process uses.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// Also says which of the two databases it is.
    pub url: DatabaseUrl,
    /// Connections; where it is not said, by database and cores.
    pub pool_size: Option<u32>,
}

/// Why there is no database to work with.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The server cannot be reached or refuses, or the file cannot be made or read.
    #[error("the database cannot be opened")]
    Open(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// SQLite or PostgreSQL. Cloning shares the pools.
#[derive(Clone)]
pub struct Database {
    pools: Pools,
}

#[derive(Clone)]
enum Pools {
    Postgres { writers: Arc<Writers>, readers: Arc<Pipelines> },
    Sqlite { writer: Writer, readers: bb8::Pool<ReaderManager> },
}

impl Database {
    /// Opens the database and one connection, so that a wrong address shows at once.
    pub async fn connect(config: &DatabaseConfig) -> Result<Self, ConnectError> {
        let cores = u32::try_from(std::thread::available_parallelism().map_or(1, NonZeroUsize::get)).unwrap_or(1);
        let pools = match &config.url.0 {
            Kind::Postgres(url) => {
                let url = Arc::new((**url).clone());
                let main = Handle::try_current().map_err(|error| ConnectError::Open(error.into()))?.id();
                let shares = Shares::of(config.pool_size, cores);
                Pools::Postgres {
                    writers: Arc::new(Writers::new(url.clone(), main, shares, POOL_TIMEOUT, LIFETIME)),
                    readers: Arc::new(Pipelines::new(url, main, shares, POOL_TIMEOUT, LIFETIME)),
                }
            }
            Kind::Sqlite(path) => {
                sqlite::create_file(path).map_err(|error| ConnectError::Open(error.into()))?;
                let path = path.to_str().ok_or_else(|| ConnectError::Open("the path is not Unicode".into()))?;
                let readers = config.pool_size.unwrap_or(cores.max(2)).clamp(1, MAX_SQLITE_READERS);
                Pools::Sqlite {
                    // The writer first: it makes the file and its journal.
                    writer: Writer::open(path.to_owned(), POOL_TIMEOUT)
                        .await
                        .map_err(|error| ConnectError::Open(error.into()))?,
                    readers: pool(ReaderManager::new(path.to_owned()), readers).await?,
                }
            }
        };
        let database = Self { pools };
        database.reader(Cost::Little).await.map_err(|error| ConnectError::Open(error.into()))?;
        Ok(database)
    }

    /// A connection to read with.
    pub(crate) async fn reader(&self, cost: Cost) -> RepositoryResult<Reader> {
        Ok(match &self.pools {
            Pools::Postgres { readers, .. } => Reader::Postgres(readers.turn(cost).await?),
            Pools::Sqlite { readers, .. } => {
                Reader::Sqlite(SqliteReader { connection: readers.get_owned().await.map_err(unavailable)?, cost })
            }
        })
    }

    /// A transaction, for this crate.
    pub(crate) async fn begin_own(&self) -> RepositoryResult<DieselUnitOfWork> {
        let connection = match &self.pools {
            Pools::Postgres { writers, .. } => Conn::Postgres(writers.begin().await?),
            Pools::Sqlite { writer, .. } => Conn::Sqlite(writer.begin().await?),
        };
        Ok(DieselUnitOfWork { connection })
    }
}

fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> RepositoryError {
    RepositoryError::Unavailable(error.into())
}

async fn pool<M: bb8::ManageConnection<Error: std::error::Error + Sync + 'static>>(
    manager: M,
    size: u32,
) -> Result<bb8::Pool<M>, ConnectError> {
    bb8::Pool::builder()
        .max_size(size)
        .connection_timeout(POOL_TIMEOUT)
        .max_lifetime(LIFETIME)
        .error_sink(Box::new(Warnings))
        .build(manager)
        .await
        .map_err(|error| ConnectError::Open(error.into()))
}

#[async_trait]
impl UnitOfWorkFactory for Database {
    async fn begin(&self) -> RepositoryResult<Box<dyn UnitOfWork>> {
        Ok(Box::new(self.begin_own().await?))
    }

    fn read(&self) -> &dyn ReadRepositories {
        self
    }

    async fn ping(&self) -> RepositoryResult<()> {
        let database = self.clone();
        let ask = async move {
            let reader = database.reader(Cost::Little).await?;
            let _one: i32 = read!(&reader, get_result diesel::select(1.into_sql::<Integer>()))?;
            Ok(())
        };
        // The deadline ends the waiting and not the query: to drop one that runs breaks its connection.
        match tokio::time::timeout(PING_TIMEOUT, tokio::spawn(ask)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(panicked)) => Err(RepositoryError::Backend(panicked.into())),
            Err(elapsed) => Err(unavailable(elapsed)),
        }
    }
}

impl ReadRepositories for Database {
    fn contacts(&self) -> &dyn ContactReader {
        self
    }

    fn users(&self) -> &dyn UserReader {
        self
    }

    fn sessions(&self) -> &dyn SessionReader {
        self
    }

    fn outbox(&self) -> &dyn OutboxReader {
        self
    }

    fn audit(&self) -> &dyn AuditReader {
        self
    }
}
