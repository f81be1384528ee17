//! A store of mocks, which remembers how its transaction ended.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use contacts_domain::{
    contact::Contact,
    ports::{
        AddressBookRepository, ContactReader, ContactRepository, MockAddressBookRepository, MockContactReader,
        MockContactRepository, MockUserReader, MockUserRepository, ReadRepositories, RepositoryResult, UnitOfWork,
        UnitOfWorkFactory, UserReader, UserRepository,
    },
};
use mockall::predicate::eq;

use super::{a_contact, ada, stamp, unavailable};

/// How the transaction of a [`FakeStore`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    NeverBegun,
    /// Begun, and dropped: a fault of the use case.
    Abandoned,
    Committed,
    RolledBack,
    /// A commit or a rollback was tried and failed.
    Unknown,
}

/// A store of mocks, with at most one transaction. What is not expected of a mock must not happen.
pub(crate) struct FakeStore {
    reads: FakeReads,
    work: Mutex<Option<FakeUnitOfWork>>,
    ended: Arc<Mutex<Ended>>,
    reachable: bool,
}

#[derive(Default)]
pub(crate) struct FakeReads {
    pub(crate) contacts: MockContactReader,
    pub(crate) users: MockUserReader,
}

pub(crate) struct FakeUnitOfWork {
    pub(crate) contacts: MockContactRepository,
    pub(crate) address_books: MockAddressBookRepository,
    pub(crate) users: MockUserRepository,
    pub(crate) commit_fails: bool,
    pub(crate) rollback_fails: bool,
    locked: bool,
    ended: Arc<Mutex<Ended>>,
}

impl FakeStore {
    /// A store of which nothing is asked but whether it is there.
    pub(crate) fn untouched() -> Arc<Self> {
        Self::reading(|_| {})
    }

    /// A store that only answers that it cannot be reached.
    pub(crate) fn unreachable() -> Arc<Self> {
        Arc::new(Self::new(FakeReads::default(), None, false))
    }

    /// A store that is read, and in which no transaction begins.
    pub(crate) fn reading(prepare: impl FnOnce(&mut FakeReads)) -> Arc<Self> {
        let mut reads = FakeReads::default();
        prepare(&mut reads);
        Arc::new(Self::new(reads, None, true))
    }

    /// A store in which exactly one transaction may begin.
    pub(crate) fn writing(prepare: impl FnOnce(&mut FakeUnitOfWork)) -> Arc<Self> {
        let mut work = FakeUnitOfWork {
            contacts: MockContactRepository::new(),
            address_books: MockAddressBookRepository::new(),
            users: MockUserRepository::new(),
            commit_fails: false,
            rollback_fails: false,
            locked: false,
            ended: Arc::new(Mutex::new(Ended::NeverBegun)),
        };
        prepare(&mut work);
        Arc::new(Self::new(FakeReads::default(), Some(work), true))
    }

    fn new(reads: FakeReads, work: Option<FakeUnitOfWork>, reachable: bool) -> Self {
        let ended = work.as_ref().map_or_else(|| Arc::new(Mutex::new(Ended::NeverBegun)), |work| work.ended.clone());
        Self { reads, work: Mutex::new(work), ended, reachable }
    }

    pub(crate) fn ended(&self) -> Ended {
        *self.ended.lock().unwrap()
    }

    /// To ask how the transaction ended while the store is in use.
    pub(crate) fn watch(&self) -> impl Fn() -> Ended + Send + Sync + 'static {
        let ended = self.ended.clone();
        move || *ended.lock().unwrap()
    }
}

#[async_trait]
impl UnitOfWorkFactory for FakeStore {
    async fn begin(&self) -> RepositoryResult<Box<dyn UnitOfWork>> {
        self.ping().await?;
        let work = self.work.lock().unwrap().take().expect("a transaction begins that nobody expected");
        *self.ended.lock().unwrap() = Ended::Abandoned;
        Ok(Box::new(work))
    }

    fn read(&self) -> &dyn ReadRepositories {
        &self.reads
    }

    async fn ping(&self) -> RepositoryResult<()> {
        if self.reachable { Ok(()) } else { Err(unavailable()) }
    }
}

impl ReadRepositories for FakeReads {
    fn contacts(&self) -> &dyn ContactReader {
        &self.contacts
    }

    fn users(&self) -> &dyn UserReader {
        &self.users
    }
}

impl FakeUnitOfWork {
    /// Expects that the address book is locked, once.
    pub(crate) fn expect_change(&mut self) {
        self.address_books.expect_advance().times(1).with(eq(ada().id)).returning(|_| Ok(Some(stamp())));
    }

    /// Expects that the sample contact is looked for under the lock, once, and says what is found.
    pub(crate) fn expect_find(&mut self, found: Option<Contact>) {
        let find = self.contacts.expect_find().times(1);
        find.with(eq(ada().id), eq(a_contact().id)).return_once(|_, _| Ok(found));
    }

    fn end(&self, fails: bool, ended: Ended) -> RepositoryResult<()> {
        *self.ended.lock().unwrap() = if fails { Ended::Unknown } else { ended };
        if fails { Err(unavailable()) } else { Ok(()) }
    }
}

#[async_trait]
impl UnitOfWork for FakeUnitOfWork {
    fn contacts(&mut self) -> &mut dyn ContactRepository {
        assert!(self.locked, "the address book is to be locked before a contact is read or written");
        &mut self.contacts
    }

    fn address_books(&mut self) -> &mut dyn AddressBookRepository {
        self.locked = true;
        &mut self.address_books
    }

    fn users(&mut self) -> &mut dyn UserRepository {
        &mut self.users
    }

    async fn commit(self: Box<Self>) -> RepositoryResult<()> {
        self.end(self.commit_fails, Ended::Committed)
    }

    async fn rollback(self: Box<Self>) -> RepositoryResult<()> {
        self.end(self.rollback_fails, Ended::RolledBack)
    }
}
