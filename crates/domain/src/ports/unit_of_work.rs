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
    /// The contacts that are not in the trash, and those that are; their labels and changes.
    fn contacts(&self) -> &dyn ContactReader;
    /// The accounts, and what proves whose they are.
    fn users(&self) -> &dyn UserReader;
    /// Who is logged in.
    fn sessions(&self) -> &dyn SessionReader;
    /// The mails that wait, and those that were given up.
    fn outbox(&self) -> &dyn OutboxReader;
    /// What happened to accounts.
    fn audit(&self) -> &dyn AuditReader;
}

/// One transaction: all of it happens, or nothing.
///
/// Dropping it undoes it too, but only as the last resort: an adapter may have to throw the
/// connection away for it.
#[async_trait]
pub trait UnitOfWork: Send {
    /// Written under the lock that [`address_books`](Self::address_books) takes.
    fn contacts(&mut self) -> &mut dyn ContactRepository;
    /// The first to be asked by whoever writes contacts: it takes the lock.
    fn address_books(&mut self) -> &mut dyn AddressBookRepository;
    /// Requests that happen once.
    fn idempotency(&mut self) -> &mut dyn IdempotencyRepository;
    /// The first to be asked by whoever writes an account: [`lock`](UserRepository::lock) takes the lock.
    fn users(&mut self) -> &mut dyn UserRepository;
    /// Written after the user is locked, where both are.
    fn sessions(&mut self) -> &mut dyn SessionRepository;
    /// Mails are ordered here, so that none is ordered for what was rolled back.
    fn outbox(&mut self) -> &mut dyn MailOutbox;
    /// What mailed links may do, and whether they did.
    fn links(&mut self) -> &mut dyn LinkRepository;
    /// The record of pictures; the pictures themselves know no transaction.
    fn avatars(&mut self) -> &mut dyn AvatarRepository;
    /// Each event is noted in the transaction that makes it true.
    fn audit(&mut self) -> &mut dyn AuditLog;

    /// Makes everything durable. After an error it is unknown whether it is.
    async fn commit(self: Box<Self>) -> RepositoryResult<()>;

    /// Undoes everything and gives the connection back.
    async fn rollback(self: Box<Self>) -> RepositoryResult<()>;
}
