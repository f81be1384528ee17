//! A transaction on PostgreSQL.

use diesel::{QueryResult, result::Error};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};

use super::writers::WriterManager;

/// What was written is undone, and the connection closed, where this is dropped before its end.
pub(crate) struct Transaction {
    connected: bb8::PooledConnection<'static, WriterManager>,
    has_failed: bool,
}

impl Transaction {
    pub(super) const fn on(connected: bb8::PooledConnection<'static, WriterManager>) -> Self {
        Self { connected, has_failed: false }
    }

    /// What is to be polled before the next statement, in the same breath, and the connection for that. `BEGIN` travels
    /// together with the first statement: the server answers both at once.
    pub(crate) fn next(&mut self) -> (impl Future<Output = QueryResult<()>> + Send + '_, &AsyncPgConnection) {
        let has_begun = std::mem::replace(&mut self.connected.is_busy, true);
        let connection = &self.connected.connection;
        let begin = async move { if has_begun { Ok(()) } else { run(connection, "BEGIN").await } };
        (begin, connection)
    }

    /// Notes how a statement ended.
    pub(crate) const fn note<T>(&mut self, result: &QueryResult<T>) {
        self.has_failed |= result.is_err();
    }

    /// After a statement that failed the server would roll back, and call it a success.
    pub(crate) async fn commit(&mut self) -> QueryResult<()> {
        if self.has_failed { Err(Error::RollbackTransaction) } else { self.end("COMMIT").await }
    }

    pub(crate) async fn roll_back(&mut self) -> QueryResult<()> {
        self.end("ROLLBACK").await
    }

    async fn end(&mut self, statement: &str) -> QueryResult<()> {
        // Where nothing was asked nothing has begun.
        if self.connected.is_busy {
            run(&self.connected.connection, statement).await?;
            self.connected.is_busy = false;
        }
        Ok(())
    }

    pub(crate) fn connection(&self) -> &AsyncPgConnection {
        &self.connected.connection
    }
}

async fn run(mut connection: &AsyncPgConnection, statement: &str) -> QueryResult<()> {
    connection.batch_execute(statement).await
}
