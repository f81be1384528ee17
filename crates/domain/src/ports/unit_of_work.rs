use async_trait::async_trait;

use super::{
    AddressBookRepository, AuditLog, AuditReader, AvatarRepository, ContactReader, ContactRepository,
    IdempotencyRepository, LinkRepository, MailOutbox, OutboxReader, RepositoryResult, SessionReader,
    SessionRepository, UserReader, UserRepository,
};

/// Where transactions begin.
#[async_trait]
pub trait UnitOfWorkFactory: Send + Sync {
    /// Begins a transaction that may write. On a database with one writer it MUST wait for it here,
    /// with a bound, so that a transaction that began never fails for another one's sake.
    async fn begin(&self) -> RepositoryResult<Box<dyn UnitOfWork>>;

    /// Reads outside of any transaction: a read of one statement MUST cost one round trip.
    fn read(&self) -> &dyn ReadRepositories;

    /// Whether the database answers, within a bound of a few seconds.
    async fn ping(&self) -> RepositoryResult<()>;
}

/// What can be read without a transaction. Each method sees what was committed before it began.
pub trait ReadRepositories: Send + Sync {
    fn contacts(&self) -> &dyn ContactReader;
    fn users(&self) -> &dyn UserReader;
    fn sessions(&self) -> &dyn SessionReader;
    fn outbox(&self) -> &dyn OutboxReader;
    fn audit(&self) -> &dyn AuditReader;
}

/// One transaction: all of it happens, or nothing.
///
/// Dropping it undoes it too, but only as the last resort: an adapter may have to throw the
/// connection away for it.
#[async_trait]
pub trait UnitOfWork: Send {
    fn contacts(&mut self) -> &mut dyn ContactRepository;
    fn address_books(&mut self) -> &mut dyn AddressBookRepository;
    fn idempotency(&mut self) -> &mut dyn IdempotencyRepository;
    fn users(&mut self) -> &mut dyn UserRepository;
    fn sessions(&mut self) -> &mut dyn SessionRepository;
    fn outbox(&mut self) -> &mut dyn MailOutbox;
    fn links(&mut self) -> &mut dyn LinkRepository;
    fn avatars(&mut self) -> &mut dyn AvatarRepository;
    fn audit(&mut self) -> &mut dyn AuditLog;

    /// Makes everything durable. After an error it is unknown whether it is.
    async fn commit(self: Box<Self>) -> RepositoryResult<()>;

    /// Undoes everything and gives the connection back.
    async fn rollback(self: Box<Self>) -> RepositoryResult<()>;
}
