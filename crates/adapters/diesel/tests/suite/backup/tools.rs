//! Databases of either kind, and archives in memory.

use std::io::{Read, Write};

use contacts_contract::fixtures::{at, unique_uuid};
use contacts_diesel::{
    Database, DatabaseConfig, DatabaseUrl,
    backup::{BackupError, Progress, RestoreError, RestoreOptions, Summary, dump, restore},
};
use contacts_domain::ids::Epoch;
use diesel::{
    Connection, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_types::Text,
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};

use crate::databases::{PostgresDatabase, SqliteDatabase};

pub(super) enum AnyDatabase {
    Postgres(PostgresDatabase),
    Sqlite(SqliteDatabase),
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl AnyDatabase {
    pub(super) async fn postgres() -> Self {
        Self::Postgres(PostgresDatabase::new().await)
    }

    pub(super) fn sqlite() -> Self {
        Self::Sqlite(SqliteDatabase::new())
    }

    pub(super) async fn of_the_same_kind(&self) -> Self {
        match self {
            Self::Postgres(_) => Self::postgres().await,
            Self::Sqlite(_) => Self::sqlite(),
        }
    }

    pub(super) fn url(&self) -> DatabaseUrl {
        match self {
            Self::Postgres(database) => database.url(),
            Self::Sqlite(database) => database.url(),
        }
    }

    /// Runs statements beside the adapter.
    pub(super) async fn execute(&self, statements: &str) {
        match self {
            Self::Postgres(database) => database.execute(statements).await,
            Self::Sqlite(database) => connect(database).batch_execute(statements).unwrap(),
        }
    }

    /// What a query answers in its column `line`, beside the adapter.
    pub(super) async fn lines(&self, query: &str) -> Vec<String> {
        match self {
            Self::Postgres(database) => database.lines(query).await,
            Self::Sqlite(database) => {
                let lines: Vec<Line> = diesel::sql_query(query).load(&mut connect(database)).unwrap();
                lines.into_iter().map(|line| line.line).collect()
            }
        }
    }

    /// Bytes as a statement writes them.
    pub(super) fn bytes(&self, digits: &str) -> String {
        match self {
            Self::Postgres(_) => format!("'\\x{digits}'::bytea"),
            Self::Sqlite(_) => format!("x'{digits}'"),
        }
    }

    /// An id as a statement writes it.
    pub(super) fn id(&self, digits: &str) -> String {
        match self {
            Self::Postgres(_) => format!("'{digits}'::uuid"),
            Self::Sqlite(_) => format!("x'{digits}'"),
        }
    }

    pub(super) async fn open(&self) -> Database {
        Database::connect(&DatabaseConfig { url: self.url(), pool_size: None }).await.unwrap()
    }

    pub(super) async fn dump(&self) -> Result<(Vec<u8>, Summary), BackupError> {
        dump(&self.url(), at(0), Vec::new(), silence()).await
    }

    /// An archive of it.
    pub(super) async fn archive(&self) -> Vec<u8> {
        self.dump().await.unwrap().0
    }

    /// All lines of an archive of it but the first and the last, in an order of their own.
    pub(super) async fn content(&self) -> Vec<String> {
        let mut lines = lines(&self.archive().await);
        lines.pop();
        lines.remove(0);
        lines.sort();
        lines
    }

    pub(super) async fn restore(&self, archive: &[u8]) -> Result<Summary, RestoreError> {
        restore(&self.url(), std::io::Cursor::new(archive.to_vec()), options(false), silence()).await
    }

    pub(super) async fn replace(&self, archive: &[u8]) -> Result<Summary, RestoreError> {
        restore(&self.url(), std::io::Cursor::new(archive.to_vec()), options(true), silence()).await
    }
}

fn connect(database: &SqliteDatabase) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(database.path().to_str().unwrap()).unwrap();
    connection.batch_execute("PRAGMA busy_timeout = 30000; PRAGMA foreign_keys = ON").unwrap();
    connection
}

pub(super) fn options(replace: bool) -> RestoreOptions {
    RestoreOptions { epoch: Epoch::new(unique_uuid()), replace }
}

pub(super) fn silence() -> Progress {
    Box::new(|_, _| {})
}

/// The lines of an archive, each without its end.
pub(super) fn lines(archive: &[u8]) -> Vec<String> {
    let mut text = String::new();
    GzDecoder::new(archive).read_to_string(&mut text).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// A file of these lines, compressed as an archive is.
pub(super) fn compressed(lines: &[String]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    for line in lines {
        writeln!(out, "{line}").unwrap();
    }
    out.finish().unwrap()
}

/// What is in a file; `None` where it cannot be read.
pub(super) fn decompressed(archive: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    GzDecoder::new(archive).read_to_end(&mut text).ok()?;
    Some(text)
}
