//! One transaction of a store of mocks.

use async_trait::async_trait;
use contacts_domain::{
    address_book::{Advanced, Numbers},
    audit::AuditKind,
    caller::Caller,
    contact::Contact,
    ids::{MailId, SessionId, UserId},
    link::Link,
    mail::MailSubject,
    ports::{
        AddressBookRepository, AuditLog, AvatarRepository, ContactRepository, IdempotencyRepository, LinkRepository,
        MailOutbox, MockAddressBookRepository, MockAuditLog, MockAvatarRepository, MockContactRepository,
        MockIdempotencyRepository, MockLinkRepository, MockMailOutbox, MockSessionRepository, MockUserRepository,
        RepositoryResult, SessionRepository, UnitOfWork, UserRepository,
    },
    user::User,
};
use mockall::{Sequence, predicate::eq};

use super::{
    a_caller, a_contact, a_hash, ada, locked, locked_ada, now,
    store::{Ended, Endings},
    unavailable,
};

/// A transaction of mocks. It minds the order of locks: a use case that mixes it up may meet itself in a
/// deadlock.
#[derive(Default)]
pub(crate) struct FakeUnitOfWork {
    pub(crate) contacts: MockContactRepository,
    pub(crate) address_books: MockAddressBookRepository,
    pub(crate) idempotency: MockIdempotencyRepository,
    pub(crate) users: MockUserRepository,
    pub(crate) sessions: MockSessionRepository,
    pub(crate) outbox: MockMailOutbox,
    pub(crate) links: MockLinkRepository,
    pub(crate) avatars: MockAvatarRepository,
    pub(crate) audit: MockAuditLog,
    pub(crate) commit_fails: bool,
    pub(crate) rollback_fails: bool,
    /// Whether it is about contacts of any book: their repository minds the locks itself.
    pub(crate) of_all_books: bool,
    address_book_locked: bool,
    idempotency_touched: bool,
    users_touched: bool,
    sessions_touched: bool,
    endings: Endings,
    number: usize,
}

impl FakeUnitOfWork {
    pub(super) fn begun(self, endings: Endings, number: usize) -> Self {
        endings.lock().unwrap()[number] = Ended::Abandoned;
        Self { endings, number, ..self }
    }

    /// Expects that the address book is locked, once.
    pub(crate) fn expect_change(&mut self) {
        self.expect_numbers(Numbers { changes: 1, creations: 0 }, locked(0));
    }

    /// Expects that the address book is locked for so many numbers, once, and says what it gives.
    pub(crate) fn expect_numbers(&mut self, numbers: Numbers, given: Advanced) {
        let advance = self.address_books.expect_advance().times(1).with(eq(ada().id), eq(numbers));
        advance.returning(move |_, _| Ok(Some(given)));
    }

    /// Expects that the address book is to be locked, once, and that there is none any more.
    pub(crate) fn expect_no_book(&mut self) {
        self.address_books.expect_advance().times(1).returning(|_, _| Ok(None));
    }

    /// Expects that the sample contact is looked for under the lock, once, and says what is found.
    pub(crate) fn expect_find(&mut self, found: Option<Contact>) {
        let find = self.contacts.expect_find().times(1);
        find.with(eq(ada().id), eq(a_contact().id)).return_once(|_, _| Ok(found));
    }

    /// Expects that Ada is locked, once, and says what is found.
    pub(crate) fn expect_lock(&mut self, found: Option<User>) {
        self.users.expect_lock().times(1).with(eq(ada().id)).return_once(|_| Ok(found));
    }

    /// Expects that Ada is locked and then her hash replaced by itself, and says whether it was still the same.
    pub(crate) fn expect_lock_and_password(&mut self, unchanged: bool) {
        let mut order = Sequence::new();
        let lock = self.users.expect_lock().times(1).in_sequence(&mut order).with(eq(ada().id));
        lock.returning(|_| Ok(Some(locked_ada())));
        let replace = self.users.expect_replace_password_hash().times(1).in_sequence(&mut order);
        let itself = replace.withf(|user, old, new| *user == ada().id && *old == a_hash() && *new == a_hash());
        itself.returning(move |_, _, _| Ok(unchanged));
    }

    /// Expects that this user is written, once.
    pub(crate) fn expect_update(&mut self, user: User) {
        self.users.expect_update().times(1).with(eq(user)).returning(|_| Ok(()));
    }

    /// Expects that this link is looked for, once, and says what is found.
    pub(crate) fn expect_find_link(&mut self, id: MailId, found: Option<Link>) {
        self.links.expect_find().times(1).with(eq(id)).return_once(|_| Ok(found));
    }

    /// Expects exactly one mail, ordered now.
    pub(crate) fn expect_mail(&mut self, subject: MailSubject) {
        let order = self.outbox.expect_order().times(1);
        order.withf(move |order| order.subject == subject && order.created_at == now()).returning(|_| Ok(()));
    }

    /// Expects one entry of what the sample caller does now.
    pub(crate) fn expect_audit(&mut self, kind: AuditKind, user: Option<UserId>, session: Option<SessionId>) {
        self.expect_record(kind, user, session, Some(a_caller()));
    }

    /// The same, of what an operator did.
    pub(crate) fn expect_audit_of_operator(&mut self, kind: AuditKind, user: UserId) {
        self.expect_record(kind, Some(user), None, None);
    }

    fn expect_record(
        &mut self,
        kind: AuditKind,
        user: Option<UserId>,
        session: Option<SessionId>,
        caller: Option<Caller>,
    ) {
        let record = self.audit.expect_record().times(1).withf(move |event| {
            (event.kind, event.user, event.session) == (kind, user, session)
                && (&event.caller, event.at) == (&caller, now())
        });
        record.returning(|_| Ok(()));
    }

    fn end(&self, fails: bool, ended: Ended) -> RepositoryResult<()> {
        self.endings.lock().unwrap()[self.number] = if fails { Ended::Unknown } else { ended };
        if fails { Err(unavailable()) } else { Ok(()) }
    }
}

#[async_trait]
impl UnitOfWork for FakeUnitOfWork {
    fn contacts(&mut self) -> &mut dyn ContactRepository {
        let locked = self.address_book_locked || self.of_all_books;
        assert!(locked, "the address book is to be locked before a contact is read or written");
        &mut self.contacts
    }

    fn address_books(&mut self) -> &mut dyn AddressBookRepository {
        assert!(!self.idempotency_touched, "the address book is to be locked before the request of an answer");
        self.address_book_locked = true;
        &mut self.address_books
    }

    fn idempotency(&mut self) -> &mut dyn IdempotencyRepository {
        self.idempotency_touched = true;
        &mut self.idempotency
    }

    fn users(&mut self) -> &mut dyn UserRepository {
        assert!(self.users_touched || !self.sessions_touched, "the user is to be locked before their sessions");
        self.users_touched = true;
        &mut self.users
    }

    fn sessions(&mut self) -> &mut dyn SessionRepository {
        self.sessions_touched = true;
        &mut self.sessions
    }

    fn outbox(&mut self) -> &mut dyn MailOutbox {
        &mut self.outbox
    }

    fn links(&mut self) -> &mut dyn LinkRepository {
        &mut self.links
    }

    fn avatars(&mut self) -> &mut dyn AvatarRepository {
        &mut self.avatars
    }

    fn audit(&mut self) -> &mut dyn AuditLog {
        &mut self.audit
    }

    async fn commit(self: Box<Self>) -> RepositoryResult<()> {
        self.end(self.commit_fails, Ended::Committed)
    }

    async fn rollback(self: Box<Self>) -> RepositoryResult<()> {
        self.end(self.rollback_fails, Ended::RolledBack)
    }
}
