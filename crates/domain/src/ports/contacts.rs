use async_trait::async_trait;

use super::RepositoryResult;
use crate::{
    Timestamp,
    address_book::{AddressBook, Advanced, ChangeStamp, Numbers},
    birthday_query::BirthdayQuery,
    change_feed::{Changes, ChangesLimit},
    contact::Contact,
    contact_query::{ContactFilter, ContactQuery},
    creation_quota::Creations,
    ids::{ContactId, Epoch, UserId},
    labels::{LabelCount, LabelKey},
    page::Slice,
    trash::{TrashQuery, TrashedContact},
};

/// Contacts, read outside of a transaction.
///
/// The owner is a parameter of every method: somebody else's contact does not exist. Neither does a
/// deleted one.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait ContactReader: Send + Sync {
    /// `None` where it is somebody else's, deleted, or was never there.
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

    /// The contacts in the trash, the last deleted first, then by id. The same rules as for
    /// [`list`](Self::list).
    async fn trash(&self, owner: UserId, query: &TrashQuery) -> RepositoryResult<Slice<TrashedContact>>;

    /// The latest change of each contact, by number, from behind `since` on; from the beginning and without
    /// deletions where there is no `since`. The history MUST NOT be older than the items: what was forgotten
    /// while they were read is said to be. `None` where the owner has no address book.
    async fn changes(
        &self,
        owner: UserId,
        since: Option<i64>,
        limit: ChangesLimit,
    ) -> RepositoryResult<Option<Changes>>;

    /// At most `limit` contacts by id, from behind `after` on: however long it takes to read them all, none that is
    /// there all the time is missed or comes twice.
    async fn by_id(&self, owner: UserId, after: Option<ContactId>, limit: u32) -> RepositoryResult<Vec<Contact>>;

    /// The labels of all contacts, by key.
    async fn labels(&self, owner: UserId) -> RepositoryResult<Vec<LabelCount>>;
}

/// Contacts, within a transaction. Every write asks for the stamp of the locked address book.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait ContactRepository: Send {
    /// As [`ContactReader::find`], and what this transaction wrote is seen. It locks nothing: the book is locked
    /// already.
    async fn find(&mut self, owner: UserId, id: ContactId) -> RepositoryResult<Option<Contact>>;

    /// Adds a contact, with whatever a search needs to find it. MUST return `Conflict(Id)` where the id is taken.
    async fn insert(&mut self, contact: &Contact, stamp: &ChangeStamp) -> RepositoryResult<()>;

    /// Writes all details and `updated_at`. `false` where the contact does not exist.
    async fn update(&mut self, contact: &Contact, stamp: &ChangeStamp) -> RepositoryResult<bool>;

    /// Moves it into the trash: a tombstone that keeps the stamp and the time, and for a while all details.
    /// `false` where the contact does not exist.
    async fn delete(&mut self, id: ContactId, at: Timestamp, stamp: &ChangeStamp) -> RepositoryResult<bool>;

    /// Takes it out of the trash, with all details and `updated_at` as they were. `None` where it is not there.
    async fn restore(&mut self, id: ContactId, stamp: &ChangeStamp) -> RepositoryResult<Option<Contact>>;

    /// At most `limit` contacts with this label, by id, from behind `after` on.
    async fn labelled(
        &mut self,
        owner: UserId,
        label: &LabelKey,
        after: Option<ContactId>,
        limit: u32,
    ) -> RepositoryResult<Vec<Contact>>;

    /// How many contacts have this label.
    async fn count_labelled(&mut self, owner: UserId, label: &LabelKey) -> RepositoryResult<u64>;

    /// Writes the labels and `updated_at` of these contacts, none twice, and nothing else of them: each with a stamp
    /// of its own. Few statements, however many there are. `false` where one of them does not exist: then the
    /// transaction MUST be rolled back.
    async fn relabel(&mut self, changes: &[(Contact, ChangeStamp)]) -> RepositoryResult<bool>;

    /// Takes the details of at most `limit` contacts in the trash of a locked book, those that were deleted last
    /// first; tombstones stay. How many there were.
    async fn empty_trash(&mut self, locked: &Advanced, limit: u32) -> RepositoryResult<u64>;

    /// The same, for at most `limit` contacts of all users that were deleted before this time. MUST lock their
    /// books before it writes, as all writers of contacts do.
    async fn purge_trash(&mut self, before: Timestamp, limit: u32) -> RepositoryResult<u64>;

    /// Deletes at most `limit` tombstones of all users whose details are gone and that are older than this time.
    /// MUST say in the history of their books that they are forgotten, in a way that a reader of changes cannot
    /// miss, and lock the books so. How many there were.
    async fn forget_tombstones(&mut self, before: Timestamp, limit: u32) -> RepositoryResult<u64>;
}

/// Address books, within a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AddressBookRepository: Send {
    /// Adds the book of a user who has none, within the transaction that adds the user.
    async fn insert(&mut self, book: &AddressBook) -> RepositoryResult<()>;

    /// Locks the owner's address book until the transaction ends, and takes its next numbers for changes and for
    /// creations. MUST be one statement, and is always the first of a contact write: one order of locks knows no
    /// deadlock. `None` where the owner has no book, and so no account.
    async fn advance(&mut self, owner: UserId, numbers: Numbers) -> RepositoryResult<Option<Advanced>>;

    /// Begins another history in every book: no token of an earlier one is known any more. How many books there are.
    async fn begin_histories(&mut self, epoch: Epoch) -> RepositoryResult<u64>;

    /// The line of the ledger that holds the creation of this number. `None` where it was purged.
    async fn find_creations(&mut self, book: &AddressBook, number: i64) -> RepositoryResult<Option<Creations>>;

    /// Adds a line to the ledger.
    async fn record_creations(&mut self, book: &AddressBook, creations: &Creations) -> RepositoryResult<()>;

    /// Deletes lines of all ledgers that are older than this; how many there were.
    async fn purge_creations(&mut self, before: Timestamp) -> RepositoryResult<u64>;
}
