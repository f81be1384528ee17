//! A connection of either database to read with, and the macro that runs one query text on both.

use contacts_domain::ports::RepositoryError;
use diesel::result::Error;

use crate::{connection, error, postgres::Turn, sqlite::SqliteReader};

/// What a read may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cost {
    /// Little, however much there is in the database: an index leads to what is read, and that is no more than a page.
    Little,
    /// Nobody knows.
    Any,
}

pub(crate) enum Reader {
    Postgres(Turn),
    Sqlite(SqliteReader),
}

impl Reader {
    pub(crate) async fn translate(&self, error: Error) -> RepositoryError {
        match self {
            Self::Postgres(postgres) => connection::translate(postgres, error).await,
            Self::Sqlite(_) => error::translate(error, false),
        }
    }
}

/// Runs a query on whichever database there is to read, and translates its error: `read!(reader, load query)` for all
/// rows, `get_result` for the one there is, `optional` where there may be none.
macro_rules! read {
    ($reader:expr, load $query:expr) => {
        $crate::reader::read!(@ $reader, load, $query, std::convert::identity)
    };
    ($reader:expr, get_result $query:expr) => {
        $crate::reader::read!(@ $reader, get_result, $query, std::convert::identity)
    };
    ($reader:expr, optional $query:expr) => {
        $crate::reader::read!(@ $reader, get_result, $query, diesel::OptionalExtension::optional)
    };
    (@ $reader:expr, $verb:ident, $query:expr, $finish:expr) => {{
        let reader: &$crate::reader::Reader = $reader;
        let watch = $crate::slow::watch!();
        let result = match reader {
            $crate::reader::Reader::Postgres(postgres) => {
                let mut postgres: &diesel_async::AsyncPgConnection = postgres;
                diesel_async::RunQueryDsl::$verb($query, &mut postgres).await
            }
            $crate::reader::Reader::Sqlite(sqlite) => {
                let query = $query;
                sqlite.run(move |connection| diesel::RunQueryDsl::$verb(query, connection)).await
            }
        };
        watch.end();
        match $finish(result) {
            Ok(value) => Ok(value),
            Err(error) => Err(reader.translate(error).await),
        }
    }};
}

pub(crate) use read;
