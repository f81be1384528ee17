use async_trait::async_trait;
use contacts_domain::ports::{
    AuditReader, ContactReader, MockContactReader, MockUserReader, OutboxReader, ReadRepositories, RepositoryError,
    RepositoryResult, SessionReader, UnitOfWork, UnitOfWorkFactory, UserReader,
};

/// A database from which a test reads what it says, and in which nothing can be written.
pub(super) struct Database {
    pub(super) contacts: MockContactReader,
    pub(super) users: MockUserReader,
}

#[async_trait]
impl UnitOfWorkFactory for Database {
    async fn begin(&self) -> RepositoryResult<Box<dyn UnitOfWork>> {
        Err(RepositoryError::Unavailable("away".into()))
    }

    fn read(&self) -> &dyn ReadRepositories {
        self
    }

    async fn ping(&self) -> RepositoryResult<()> {
        Ok(())
    }
}

impl ReadRepositories for Database {
    fn contacts(&self) -> &dyn ContactReader {
        &self.contacts
    }

    fn users(&self) -> &dyn UserReader {
        &self.users
    }

    fn sessions(&self) -> &dyn SessionReader {
        panic!("no session is read here")
    }

    fn outbox(&self) -> &dyn OutboxReader {
        panic!("no mail is read here")
    }

    fn audit(&self) -> &dyn AuditReader {
        panic!("no audit is read here")
    }
}
