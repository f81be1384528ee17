//! What the cases are made of: small transactions and reads that must succeed.

use std::{future::Future, sync::Arc};

use contacts_domain::{
    Timestamp,
    address_book::{AddressBook, ChangeStamp, Numbers},
    birthday_query::BirthdayQuery,
    change_feed::{Changes, ChangesRequest},
    contact::Contact,
    contact_query::{ContactListRequest, ContactQuery},
    cursor,
    ids::{AddressBookId, ContactId, SessionId, UserId},
    page::{PageLimit, Slice},
    ports::{RepositoryError, UniqueKey, UnitOfWork},
    session::{CurrentUser, Session},
    user::User,
};
use futures_util::future::join_all;
use tokio::sync::Barrier;

use super::Store;
use crate::fixtures::{at, password_hash, unique_uuid, user};

/// Runs as many tasks as there are numbers, all let go at the same moment, and returns their results.
pub async fn at_once<T, F>(count: usize, task: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(count));
    let tasks = (0..count).map(|number| {
        let (start, work) = (start.clone(), task(number));
        tokio::spawn(async move {
            start.wait().await;
            work.await
        })
    });
    let results = join_all(tasks.collect::<Vec<_>>()).await;
    results.into_iter().map(|result| result.expect("a task does not panic")).collect()
}

/// Begins a transaction.
pub async fn begin(store: &Store) -> Box<dyn UnitOfWork> {
    store.begin().await.expect("a transaction begins")
}

/// An address book with an id of its own.
pub fn book_of(owner: UserId) -> AddressBook {
    AddressBook { id: AddressBookId::new(unique_uuid()), owner }
}

/// Registers a user of whom nothing matters.
pub async fn registered(store: &Store) -> User {
    let user = user();
    register(store, &user).await;
    user
}

/// Registers a user with an address book.
pub async fn register(store: &Store, user: &User) {
    let mut transaction = begin(store).await;
    transaction.users().insert(user, &password_hash()).await.expect("a user is inserted");
    transaction.address_books().insert(&book_of(user.id)).await.expect("a book is inserted");
    transaction.commit().await.expect("a registration is committed");
}

/// Takes the next number of an address book that exists.
pub async fn advance(transaction: &mut Box<dyn UnitOfWork>, owner: UserId) -> ChangeStamp {
    let stamp = transaction.address_books().advance(owner, Numbers { changes: 1, creations: 0 }).await;
    stamp.expect("a book is advanced").expect("the owner has a book").last()
}

/// Inserts contacts of one owner in one transaction.
pub async fn insert(store: &Store, contacts: &[Contact]) {
    let mut transaction = begin(store).await;
    for contact in contacts {
        let stamp = advance(&mut transaction, contact.owner).await;
        transaction.contacts().insert(contact, &stamp).await.expect("a contact is inserted");
    }
    transaction.commit().await.expect("contacts are committed");
}

/// A contact as it was written with this number.
pub fn numbered(seq: i64, contact: Contact) -> Contact {
    Contact { seq, ..contact }
}

/// Contacts as they were written one after the other, first of all.
pub fn in_order(contacts: Vec<Contact>) -> Vec<Contact> {
    (1..).zip(contacts).map(|(seq, contact)| numbered(seq, contact)).collect()
}

/// Updates a contact in a transaction of its own.
pub async fn update(store: &Store, contact: &Contact) -> bool {
    let mut transaction = begin(store).await;
    let stamp = advance(&mut transaction, contact.owner).await;
    let updated = transaction.contacts().update(contact, &stamp).await.expect("an update is possible");
    transaction.commit().await.expect("an update is committed");
    updated
}

/// Deletes a contact in a transaction of its own.
pub async fn delete(store: &Store, owner: UserId, id: ContactId) -> bool {
    delete_at(store, owner, id, at(5_000_000)).await
}

/// As [`delete`], at this time.
pub async fn delete_at(store: &Store, owner: UserId, id: ContactId, time: Timestamp) -> bool {
    let mut transaction = begin(store).await;
    let stamp = advance(&mut transaction, owner).await;
    let deleted = transaction.contacts().delete(id, time, &stamp).await.expect("a deletion is possible");
    transaction.commit().await.expect("a deletion is committed");
    deleted
}

/// Restores a contact in a transaction of its own.
pub async fn restore(store: &Store, owner: UserId, id: ContactId) -> Option<Contact> {
    let mut transaction = begin(store).await;
    let stamp = advance(&mut transaction, owner).await;
    let restored = transaction.contacts().restore(id, &stamp).await.expect("a restoration is possible");
    transaction.commit().await.expect("a restoration is committed");
    restored
}

/// A page of changes of an owner who has a book.
pub async fn changes(store: &Store, owner: UserId, since: Option<i64>, limit: &str) -> Changes {
    let request = ChangesRequest { limit: Some(limit.to_owned()), ..ChangesRequest::default() };
    let (_, limit) = request.validate().expect("a limit");
    let changes = store.read().contacts().changes(owner, since, limit).await.expect("changes can be read");
    changes.expect("the owner has a book")
}

/// The changes behind this number, as many as a page holds.
pub async fn changes_since(store: &Store, owner: UserId, since: i64) -> Changes {
    changes(store, owner, Some(since), "1000").await
}

/// What the owner reads, outside of a transaction.
pub async fn find(store: &Store, owner: UserId, id: ContactId) -> Option<Contact> {
    store.read().contacts().find(owner, id).await.expect("a contact can be looked for")
}

/// What is read of a user, outside of a transaction.
pub async fn find_user(store: &Store, id: UserId) -> Option<User> {
    store.read().users().find(id).await.expect("a user can be looked for")
}

/// Begins a session in a transaction of its own.
pub async fn begin_session(store: &Store, session: &Session) {
    let mut transaction = begin(store).await;
    transaction.sessions().insert(session).await.expect("a session is inserted");
    transaction.commit().await.expect("a session is committed");
}

/// A session as it is stored, alive or not.
pub async fn find_session(store: &Store, user: UserId, id: SessionId) -> Option<Session> {
    let mut transaction = begin(store).await;
    let session = transaction.sessions().lock(user, id).await.expect("a session can be looked for");
    transaction.rollback().await.expect("a transaction is rolled back");
    session
}

/// Who is behind a session now.
pub async fn find_current(store: &Store, user: UserId, session: SessionId, now: Timestamp) -> Option<CurrentUser> {
    store.read().sessions().find_current(user, session, now).await.expect("a session can be looked for")
}

/// One page of a list.
pub async fn page(store: &Store, owner: UserId, query: &ContactQuery) -> Slice<Contact> {
    store.read().contacts().list(owner, query).await.expect("contacts can be listed")
}

/// One page of birthdays.
pub async fn birthdays(store: &Store, owner: UserId, query: &BirthdayQuery) -> Slice<Contact> {
    store.read().contacts().birthdays(owner, query).await.expect("birthdays can be listed")
}

/// The query of a request, with the limit that holds most.
pub fn query(owner: UserId, request: ContactListRequest) -> ContactQuery {
    let request = ContactListRequest { limit: request.limit.or_else(|| Some(PageLimit::MAX.to_string())), ..request };
    request.validate(owner).expect("a valid request").0
}

/// The query of what is asked for where a request finds nothing, with the limit that holds most.
pub fn nearly(owner: UserId, request: &ContactListRequest) -> ContactQuery {
    let request = request.clone();
    let request = ContactListRequest { limit: request.limit.or_else(|| Some(PageLimit::MAX.to_string())), ..request };
    let (query, scope) = request.validate(owner).expect("a valid request");
    query.nearly(&scope).expect("there are near words").0
}

/// Everything that a request finds, which must be fewer than fit into one page.
pub async fn list(store: &Store, owner: UserId, request: ContactListRequest) -> Vec<Contact> {
    let slice = page(store, owner, &query(owner, request)).await;
    assert_eq!(slice.next, None, "there is more than a page");
    slice.items
}

/// How many contacts a request of the owner matches on all pages.
pub async fn count(store: &Store, owner: UserId, request: ContactListRequest) -> u64 {
    let filter = query(owner, request).filter;
    store.read().contacts().count(owner, &filter).await.expect("contacts can be counted")
}

/// The page after a cursor, in the way of a client: the position goes through a cursor and back.
pub async fn client_page(
    store: &Store,
    owner: UserId,
    request: &ContactListRequest,
    cursor: Option<String>,
) -> (Vec<Contact>, Option<String>) {
    let request = ContactListRequest { cursor, ..request.clone() };
    let (query, scope) = request.validate(owner).expect("a valid request");
    let slice = page(store, owner, &query).await;
    assert!(slice.items.len() <= usize::from(query.limit.get()), "a page is too long");
    let cursor = slice.next.map(|position| cursor::encode(scope, &position));
    (slice.items, cursor)
}

/// The ids, for a comparison that can be read when it fails.
pub fn ids(contacts: &[Contact]) -> Vec<ContactId> {
    contacts.iter().map(|contact| contact.id).collect()
}

/// `first last`, for a comparison that can be read even better.
pub fn names(contacts: &[Contact]) -> Vec<String> {
    let name = |contact: &Contact| {
        let (first, last) = (&contact.details.first_name, &contact.details.last_name);
        let parts = [first, last].into_iter().flatten().map(|name| name.as_str());
        parts.collect::<Vec<_>>().join(" ")
    };
    contacts.iter().map(name).collect()
}

/// Asserts that a write ran into a unique value.
pub fn assert_conflict<T>(result: Result<T, RepositoryError>, expected: UniqueKey) {
    match result {
        Err(RepositoryError::Conflict(key)) => assert_eq!(key, expected),
        Err(error) => panic!("a conflict is expected, not: {error:?}"),
        Ok(_) => panic!("a conflict is expected, not success"),
    }
}
