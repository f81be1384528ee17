//! One connection of either database, and the macro that runs one query text on both.

use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{AsyncDieselConnectionManager, PoolableConnection},
};

use crate::sqlite::SqliteConn;

pub(crate) type PgManager = AsyncDieselConnectionManager<AsyncPgConnection>;
pub(crate) type SqliteManager = AsyncDieselConnectionManager<SqliteConn>;

/// A connection that goes back to its pool when it is dropped.
#[expect(clippy::large_enum_variant, reason = "it lives as long as one query, and a box would be made for each")]
pub(crate) enum Conn {
    Postgres(bb8::PooledConnection<'static, PgManager>),
    Sqlite(bb8::PooledConnection<'static, SqliteManager>),
}

impl Conn {
    /// Whether the connection is of no more use: closed, or stuck in a transaction.
    pub(crate) fn is_broken(&mut self) -> bool {
        match self {
            Self::Postgres(pooled) => pooled.is_broken(),
            Self::Sqlite(pooled) => pooled.is_broken(),
        }
    }
}

/// Runs a query on whichever database the connection is of, and translates its error:
/// `with_conn!(conn, |c| query.load(c))`.
macro_rules! with_conn {
    ($conn:expr, |$c:ident| $query:expr) => {{
        let connection: &mut $crate::connection::Conn = $conn;
        let result = match connection {
            $crate::connection::Conn::Postgres(pooled) => {
                let $c: &mut diesel_async::AsyncPgConnection = pooled;
                $query.await
            }
            $crate::connection::Conn::Sqlite(pooled) => {
                let $c: &mut $crate::sqlite::SqliteConn = pooled;
                $query.await
            }
        };
        match result {
            Ok(value) => Ok(value),
            Err(error) => Err($crate::error::translate(error, connection.is_broken())),
        }
    }};
}

pub(crate) use with_conn;
