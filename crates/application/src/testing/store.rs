//! A store of mocks, which remembers how its transactions ended.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use contacts_domain::ports::{
    AuditReader, ContactReader, MockAuditReader, MockContactReader, MockOutboxReader, MockSessionReader,
    MockUserReader, OutboxReader, ReadRepositories, RepositoryResult, SessionReader, UnitOfWork, UnitOfWorkFactory,
    UserReader,
};

use super::{transaction::FakeUnitOfWork, unavailable};

/// How a transaction of a [`FakeStore`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    NeverBegun,
    /// Begun, and not ended yet; at the end of a test it was dropped: a fault of the use case.
    Abandoned,
    Committed,
    RolledBack,
    /// A commit or a rollback was tried and failed.
    Unknown,
}

/// A store of mocks, with a script of transactions, which begin one after the other. What is not expected
/// of a mock must not happen.
pub(crate) struct FakeStore {
    reads: FakeReads,
    works: Mutex<VecDeque<FakeUnitOfWork>>,
    endings: Endings,
    reachable: bool,
}

/// How each transaction of the script ended.
pub(super) type Endings = Arc<Mutex<Vec<Ended>>>;

#[derive(Default)]
pub(crate) struct FakeReads {
    pub(crate) contacts: MockContactReader,
    pub(crate) users: MockUserReader,
    pub(crate) sessions: MockSessionReader,
    pub(crate) outbox: MockOutboxReader,
    pub(crate) audit: MockAuditReader,
}

impl FakeStore {
    /// A store of which nothing is asked but whether it is there.
    pub(crate) fn untouched() -> Arc<Self> {
        Self::reading(|_| {})
    }

    /// A store that only answers that it cannot be reached.
    pub(crate) fn unreachable() -> Arc<Self> {
        Arc::new(Self { reachable: false, ..Self::new(FakeReads::default(), VecDeque::new()) })
    }

    /// A store that is read, and in which no transaction begins.
    pub(crate) fn reading(prepare: impl FnOnce(&mut FakeReads)) -> Arc<Self> {
        Self::reading_and_writing(prepare, [])
    }

    /// A store in which exactly one transaction may begin.
    pub(crate) fn writing(prepare: impl FnOnce(&mut FakeUnitOfWork)) -> Arc<Self> {
        Self::writing_in_turn([transaction(prepare)])
    }

    /// A store in which exactly these transactions may begin, in this order.
    pub(crate) fn writing_in_turn(works: impl IntoIterator<Item = FakeUnitOfWork>) -> Arc<Self> {
        Self::reading_and_writing(|_| {}, works)
    }

    /// A store that is read, and in which exactly these transactions may begin, in this order.
    pub(crate) fn reading_and_writing(
        prepare: impl FnOnce(&mut FakeReads),
        works: impl IntoIterator<Item = FakeUnitOfWork>,
    ) -> Arc<Self> {
        let mut reads = FakeReads::default();
        prepare(&mut reads);
        Arc::new(Self::new(reads, works.into_iter().collect()))
    }

    fn new(reads: FakeReads, works: VecDeque<FakeUnitOfWork>) -> Self {
        let endings = Arc::new(Mutex::new(vec![Ended::NeverBegun; works.len()]));
        Self { reads, works: Mutex::new(works), endings, reachable: true }
    }

    /// How the only transaction ended.
    pub(crate) fn ended(&self) -> Ended {
        match *self.endings() {
            [] => Ended::NeverBegun,
            [ended] => ended,
            _ => panic!("there are several transactions"),
        }
    }

    /// How the transactions ended, in their order.
    pub(crate) fn endings(&self) -> Vec<Ended> {
        self.watch()()
    }

    /// To ask how the transactions ended while the store is in use.
    pub(crate) fn watch(&self) -> impl Fn() -> Vec<Ended> + Send + Sync + 'static {
        let endings = self.endings.clone();
        move || endings.lock().unwrap().clone()
    }

    /// Two connections at once for one request could leave none for anybody.
    fn assert_none_is_open(&self) {
        assert!(!self.endings().contains(&Ended::Abandoned), "the store is asked beside an open transaction");
    }
}

/// A transaction of the script.
pub(crate) fn transaction(prepare: impl FnOnce(&mut FakeUnitOfWork)) -> FakeUnitOfWork {
    let mut work = FakeUnitOfWork::default();
    prepare(&mut work);
    work
}

#[async_trait]
impl UnitOfWorkFactory for FakeStore {
    async fn begin(&self) -> RepositoryResult<Box<dyn UnitOfWork>> {
        self.ping().await?;
        self.assert_none_is_open();
        let mut works = self.works.lock().unwrap();
        let work = works.pop_front().expect("a transaction begins that nobody expected");
        let number = self.endings.lock().unwrap().len() - works.len() - 1;
        Ok(Box::new(work.begun(self.endings.clone(), number)))
    }

    fn read(&self) -> &dyn ReadRepositories {
        self.assert_none_is_open();
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

    fn sessions(&self) -> &dyn SessionReader {
        &self.sessions
    }

    fn outbox(&self) -> &dyn OutboxReader {
        &self.outbox
    }

    fn audit(&self) -> &dyn AuditReader {
        &self.audit
    }
}
