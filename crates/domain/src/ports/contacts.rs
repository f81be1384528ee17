use async_trait::async_trait;

use super::RepositoryResult;
use crate::{
    Timestamp,
    address_book::{AddressBook, ChangeStamp},
    birthday_query::BirthdayQuery,
    contact::Contact,
    contact_query::{ContactFilter, ContactQuery},
    creation_quota::Creations,
    ids::{ContactId, UserId},
    page::Slice,
};

/// Contacts, read outside of a transaction.
///
/// The owner is a parameter of every method: somebody else's contact does not exist. Neither does a
/// deleted one.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait ContactReader: Send + Sync {
    async fn find(&self, owner: UserId, id: ContactId) -> RepositoryResult<Option<Contact>>;

    /// At most `query.limit` contacts that match, in the query's order, from behind `query.after`
    /// on. MUST cost one statement. `next` MUST hold the keys as they are stored, for they are
    /// compared with stored ones.
    async fn list(&self, owner: UserId, query: &ContactQuery) -> RepositoryResult<Slice<Contact>>;

    /// How many contacts match.
    async fn count(&self, owner: UserId, filter: &ContactFilter) -> RepositoryResult<u64>;

    /// The contacts whose birthday is next celebrated in the window, by that date, then by last and
    /// first name. The same rules as for [`list`](Self::list).
    async fn birthdays(&self, owner: UserId, query: &BirthdayQuery) -> RepositoryResult<Slice<Contact>>;
}

/// Contacts, within a transaction. Every write asks for the stamp of the locked address book.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait ContactRepository: Send {
    async fn find(&mut self, owner: UserId, id: ContactId) -> RepositoryResult<Option<Contact>>;

    async fn insert(&mut self, contact: &Contact, stamp: &ChangeStamp) -> RepositoryResult<()>;

    /// Writes all details and `updated_at`. `false` where the contact does not exist.
    async fn update(&mut self, contact: &Contact, stamp: &ChangeStamp) -> RepositoryResult<bool>;

    /// Deletes, and MUST leave a tombstone that keeps the id, the stamp and the time. `false` where
    /// the contact does not exist.
    async fn delete(&mut self, id: ContactId, at: Timestamp, stamp: &ChangeStamp) -> RepositoryResult<bool>;
}

/// Address books, within a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AddressBookRepository: Send {
    async fn insert(&mut self, book: &AddressBook) -> RepositoryResult<()>;

    /// Locks the owner's address book until the transaction ends and takes its next number. MUST be
    /// one statement, and is always the first of a contact write: one order of locks knows no
    /// deadlock. `None` where the owner has no book, and so no account.
    async fn advance(&mut self, owner: UserId) -> RepositoryResult<Option<ChangeStamp>>;

    /// As [`advance`](Self::advance), and counts `count` creations on the way: still one statement. Returns
    /// how many there have been by then, these included, since the book was made.
    async fn advance_creating(&mut self, owner: UserId, count: u32) -> RepositoryResult<Option<(ChangeStamp, i64)>>;

    /// The line of the ledger that holds the creation of this number. `None` where it was purged.
    async fn find_creations(&mut self, book: &AddressBook, number: i64) -> RepositoryResult<Option<Creations>>;

    /// Adds a line to the ledger.
    async fn record_creations(&mut self, book: &AddressBook, creations: &Creations) -> RepositoryResult<()>;

    /// Deletes lines of all ledgers that are older than this; how many there were.
    async fn purge_creations(&mut self, before: Timestamp) -> RepositoryResult<u64>;
}
