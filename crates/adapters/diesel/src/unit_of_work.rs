//! One transaction on one connection.

use async_trait::async_trait;
use contacts_domain::ports::{
    AddressBookRepository, AuditLog, AvatarRepository, ContactRepository, IdempotencyRepository, LinkRepository,
    MailOutbox, RepositoryResult, SessionRepository, UnitOfWork, UserRepository,
};

use crate::{
    connection::{Conn, translate},
    error,
};

/// The repositories are implemented by the unit of work itself, each in a file of its own.
pub(crate) struct DieselUnitOfWork {
    pub(crate) connection: Conn,
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

    async fn commit(self: Box<Self>) -> RepositoryResult<()> {
        match self.connection {
            Conn::Postgres(mut transaction) => match transaction.commit().await {
                Ok(()) => Ok(()),
                Err(error) => Err(translate(transaction.connection(), error).await),
            },
            Conn::Sqlite(turn) => turn.commit().await.map_err(|error| error::translate(error, false)),
        }
    }

    async fn rollback(self: Box<Self>) -> RepositoryResult<()> {
        match self.connection {
            Conn::Postgres(mut transaction) => match transaction.roll_back().await {
                Ok(()) => Ok(()),
                Err(error) => Err(translate(transaction.connection(), error).await),
            },
            Conn::Sqlite(turn) => turn.roll_back().await.map_err(|error| error::translate(error, false)),
        }
    }
}
