//! A connection of either database to write with, and the macro that runs one query text on both.

use contacts_domain::ports::RepositoryError;
use diesel::result::Error;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};

use crate::{error, postgres::Transaction, sqlite::WriterTurn};

/// A connection that goes back to where it came from when it is dropped.
#[expect(clippy::large_enum_variant, reason = "it lives as long as one query, and a box would be made for each")]
pub(crate) enum Conn {
    Postgres(Transaction),
    Sqlite(WriterTurn),
}

impl Conn {
    pub(crate) async fn translate(&self, error: Error) -> RepositoryError {
        match self {
            Self::Postgres(transaction) => translate(transaction.connection(), error).await,
            Self::Sqlite(_) => error::translate(error, false),
        }
    }
}

/// What an error of PostgreSQL means. The driver reports a server that shuts down as an error of an unknown kind, in
/// the server's language; so after one of these the server is asked whether it is there.
pub(crate) async fn translate(mut connection: &AsyncPgConnection, error: Error) -> RepositoryError {
    let gone = error::is_unknown(&error)
        && connection.batch_execute("SELECT 1").await.is_err_and(|error| error::is_lost(&error));
    error::translate(error, gone)
}

/// Runs a query on whichever database the connection is of, and translates its error:
/// `with_conn!(conn, |c| query.load(c))`.
macro_rules! with_conn {
    ($conn:expr, |$c:ident| $query:expr) => {{
        let connection: &mut $crate::connection::Conn = $conn;
        let watch = $crate::slow::watch!();
        let result = match connection {
            $crate::connection::Conn::Postgres(transaction) => {
                let (begin, mut connection) = transaction.next();
                let $c: &mut &diesel_async::AsyncPgConnection = &mut connection;
                let (begun, answer) = futures_util::future::join(begin, $query).await;
                let result = begun.and(answer);
                transaction.note(&result);
                result
            }
            $crate::connection::Conn::Sqlite(turn) => {
                let $c: &mut $crate::sqlite::SqliteConn = turn;
                $query.await
            }
        };
        watch.end();
        match result {
            Ok(value) => Ok(value),
            Err(error) => Err(connection.translate(error).await),
        }
    }};
}

pub(crate) use with_conn;
