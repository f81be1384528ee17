//! A connection for the one long transaction of a backup or a restore, of either database.

use std::path::{Path, PathBuf};

use contacts_domain::ids::Epoch;
use diesel::{
    Connection as _, ConnectionResult, ExpressionMethods, QueryResult, QueryableByName, RunQueryDsl, SqliteConnection,
    connection::{AnsiTransactionManager, DefaultLoadingMode, SimpleConnection, TransactionManager},
    dsl::sql_query,
    result::Error,
    sql_types::{BigInt, Text},
};
use diesel_async::{AsyncPgConnection, async_connection_wrapper::AsyncConnectionWrapper};

use super::{
    columns::Dialect,
    error::{BackupError, RestoreError},
};
use crate::{
    error::is_locked,
    id::Id,
    migrations::{self, LOCK, Migration, Outcome, Task},
    schema::address_books,
    sqlite,
    url::{DatabaseUrl, Kind},
};

type Postgres = AsyncConnectionWrapper<AsyncPgConnection>;
type Manager = <Postgres as diesel::Connection>::TransactionManager;

/// Deadlines are for requests: a role or a database may have some, and this takes as long as it takes.
const WITHOUT_DEADLINES: &str =
    "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0";

/// Connections with the name that this one has, of which the service's have the same. Who just ended may be seen for a
/// moment longer: so it is asked several times.
const OTHERS: &str = "SELECT count(*)::text AS line FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' \
    AND application_name = current_setting('application_name')";
const ATTEMPTS: usize = 50;

/// A database, before the work on it begins on a thread that may be blocked.
pub(super) enum Target {
    Postgres(Box<AsyncPgConnection>),
    Sqlite(PathBuf),
}

impl Target {
    pub(super) async fn find(url: &DatabaseUrl) -> ConnectionResult<Self> {
        Ok(match &url.0 {
            Kind::Postgres(url) => Self::Postgres(Box::new(url.connect(WITHOUT_DEADLINES).await?.0)),
            Kind::Sqlite(path) => Self::Sqlite(path.clone()),
        })
    }

    /// A connection that cannot write.
    pub(super) fn open_to_read(self) -> Result<Connection, BackupError> {
        let path = match self {
            Self::Postgres(connection) => return Ok(Connection::Postgres(Box::new((*connection).into()))),
            Self::Sqlite(path) => path,
        };
        // SQLite would make it.
        if !path.is_file() {
            return Err(BackupError::NoFile);
        }
        let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
        sqlite::configure(&mut connection)?;
        connection.batch_execute("PRAGMA query_only = ON;")?;
        Ok(Connection::Sqlite(connection))
    }

    /// A connection beside which there is no other one of the service; none can begin its work before this one ends.
    pub(super) fn open_alone(self) -> Result<Connection, RestoreError> {
        match self {
            Self::Postgres(connection) => alone_on_postgres((*connection).into()),
            Self::Sqlite(path) => alone_on_sqlite(&path),
        }
    }
}

fn alone_on_postgres(mut connection: Postgres) -> Result<Connection, RestoreError> {
    // Whoever starts migrates first, and waits here. Held until the connection closes.
    sql_query("SELECT pg_advisory_lock($1)").bind::<BigInt, _>(LOCK).execute(&mut connection)?;
    let mut connection = Connection::Postgres(Box::new(connection));
    for _ in 0..ATTEMPTS {
        if connection.lines(OTHERS)? == ["0"] {
            return Ok(connection);
        }
        connection.execute("SELECT pg_sleep(0.1)")?;
    }
    Err(RestoreError::InUse)
}

fn alone_on_sqlite(path: &Path) -> Result<Connection, RestoreError> {
    sqlite::create_file(path)?;
    let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
    match sqlite::keep_others_out(&mut connection) {
        Ok(()) => Ok(Connection::Sqlite(connection)),
        Err(error) if is_locked(&error) => Err(RestoreError::InUse),
        Err(error) => Err(error.into()),
    }
}

pub(super) enum Connection {
    Postgres(Box<Postgres>),
    Sqlite(SqliteConnection),
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Connection {
    pub(super) const fn dialect(&self) -> Dialect {
        match self {
            Self::Postgres(_) => Dialect::Postgres,
            Self::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// Runs statements that answer nothing.
    pub(super) fn execute(&mut self, statements: &str) -> QueryResult<()> {
        match self {
            Self::Postgres(connection) => connection.batch_execute(statements),
            Self::Sqlite(connection) => connection.batch_execute(statements),
        }
    }

    /// Hands over what a query answers in its column `line`, row by row: there is never more than a few in memory.
    pub(super) fn each_line<E: From<Error>>(
        &mut self,
        query: &str,
        mut hand_over: impl FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Postgres(connection) => {
                for row in sql_query(query).load_iter::<Line, DefaultLoadingMode>(&mut **connection)? {
                    hand_over(row?.line)?;
                }
            }
            Self::Sqlite(connection) => {
                for row in sql_query(query).load_iter::<Line, DefaultLoadingMode>(connection)? {
                    hand_over(row?.line)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn lines(&mut self, query: &str) -> QueryResult<Vec<String>> {
        let mut lines = Vec::new();
        self.each_line::<Error>(query, |line| {
            lines.push(line);
            Ok(())
        })?;
        Ok(lines)
    }

    /// Runs a statement with this parameter.
    pub(super) fn execute_with(&mut self, statement: &str, parameter: &str) -> QueryResult<usize> {
        let statement = sql_query(statement).bind::<Text, _>(parameter);
        match self {
            Self::Postgres(connection) => statement.execute(&mut **connection),
            Self::Sqlite(connection) => statement.execute(connection),
        }
    }

    /// Through the transaction managers, so that migrations know that they are inside a transaction.
    pub(super) fn begin(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(connection) => Manager::begin_transaction(&mut **connection),
            Self::Sqlite(connection) => AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN EXCLUSIVE"),
        }
    }

    pub(super) fn commit(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(connection) => Manager::commit_transaction(&mut **connection),
            Self::Sqlite(connection) => AnsiTransactionManager::commit_transaction(connection),
        }
    }

    pub(super) fn migrate(&mut self, task: Task<'_>) -> Outcome<Vec<Migration>> {
        match self {
            Self::Postgres(connection) => migrations::perform(&mut **connection, migrations::POSTGRES, task),
            Self::Sqlite(connection) => migrations::perform(connection, migrations::SQLITE, task),
        }
    }

    /// Has every client that follows changes read all contacts anew.
    pub(super) fn begin_histories(&mut self, epoch: Epoch) -> QueryResult<usize> {
        let begin = diesel::update(address_books::table).set(address_books::epoch.eq(Some(Id(epoch.uuid()))));
        match self {
            Self::Postgres(connection) => begin.execute(&mut **connection),
            Self::Sqlite(connection) => begin.execute(connection),
        }
    }
}
