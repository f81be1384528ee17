//! One transaction on one connection.

use async_trait::async_trait;
use contacts_domain::ports::{
    AddressBookRepository, AuditLog, AvatarRepository, ContactRepository, IdempotencyRepository, LinkRepository,
    MailOutbox, RepositoryResult, SessionRepository, UnitOfWork, UserRepository,
};
use diesel::connection::AnsiTransactionManager as SyncTransactionManager;
use diesel_async::{AsyncConnection, TransactionManager};

use crate::connection::Conn;

/// The repositories are implemented by the unit of work itself, each in a file of its own.
pub(crate) struct DieselUnitOfWork {
    pub(crate) connection: Conn,
}

impl DieselUnitOfWork {
    pub(crate) async fn begin(mut connection: Conn) -> RepositoryResult<Self> {
        let begun = match &mut connection {
            Conn::Postgres(c) => begin(&mut **c).await,
            // A plain BEGIN would read first and find another writer in its way when it writes.
            // Through the transaction manager, so that a connection that is dropped in between is
            // known to be inside a transaction.
            Conn::Sqlite(c) => {
                c.spawn_blocking(|c| SyncTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")).await
            }
        };
        match begun {
            Ok(()) => Ok(Self { connection }),
            Err(error) => Err(connection.translate(error).await),
        }
    }

    async fn translated(&mut self, ended: diesel::QueryResult<()>) -> RepositoryResult<()> {
        match ended {
            Ok(()) => Ok(()),
            Err(error) => Err(self.connection.translate(error).await),
        }
    }
}

async fn begin<C: AsyncConnection>(connection: &mut C) -> diesel::QueryResult<()> {
    C::TransactionManager::begin_transaction(connection).await
}

async fn commit<C: AsyncConnection>(connection: &mut C) -> diesel::QueryResult<()> {
    C::TransactionManager::commit_transaction(connection).await
}

async fn rollback<C: AsyncConnection>(connection: &mut C) -> diesel::QueryResult<()> {
    C::TransactionManager::rollback_transaction(connection).await
}

#[async_trait]
impl UnitOfWork for DieselUnitOfWork {
    fn contacts(&mut self) -> &mut dyn ContactRepository {
        self
    }

    fn address_books(&mut self) -> &mut dyn AddressBookRepository {
        self
    }

    fn idempotency(&mut self) -> &mut dyn IdempotencyRepository {
        self
    }

    fn users(&mut self) -> &mut dyn UserRepository {
        self
    }

    fn sessions(&mut self) -> &mut dyn SessionRepository {
        self
    }

    fn outbox(&mut self) -> &mut dyn MailOutbox {
        self
    }

    fn links(&mut self) -> &mut dyn LinkRepository {
        self
    }

    fn avatars(&mut self) -> &mut dyn AvatarRepository {
        self
    }

    fn audit(&mut self) -> &mut dyn AuditLog {
        self
    }

    async fn commit(mut self: Box<Self>) -> RepositoryResult<()> {
        let committed = match &mut self.connection {
            Conn::Postgres(c) => commit(&mut **c).await,
            Conn::Sqlite(c) => commit(&mut **c).await,
        };
        self.translated(committed).await
    }

    async fn rollback(mut self: Box<Self>) -> RepositoryResult<()> {
        let rolled_back = match &mut self.connection {
            Conn::Postgres(c) => rollback(&mut **c).await,
            Conn::Sqlite(c) => rollback(&mut **c).await,
        };
        self.translated(rolled_back).await
    }
}
