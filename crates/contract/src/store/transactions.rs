//! Transactions: all of one, or nothing, and never in the way of the next.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    address_book::{AddressBook, ChangeStamp},
    contact::Contact,
    contact_query::ContactListRequest,
    ids::{AddressBookId, UserId},
    person_name::PersonName,
    ports::{RepositoryError, UniqueKey, UnitOfWork},
    user::User,
};
use tokio::sync::oneshot;

use super::{
    Store,
    steps::{advance, assert_conflict, begin, book_of, count, find, find_user, insert, numbered, register, registered},
};
use crate::fixtures::{at, contact, password_hash, unique_uuid, unusual_contacts, user};

/// Several times as many connections as any pool has.
const MANY: usize = 100;

pub async fn what_was_committed_is_seen_at_once(store: Store) {
    let owner = registered(&store).await.id;
    for expected in 1..=30 {
        let ada = contact().first("Ada").of(owner);
        insert(&store, std::slice::from_ref(&ada)).await;
        assert_eq!(find(&store, owner, ada.id).await, Some(numbered(expected, ada)));
        assert_eq!(count(&store, owner, ContactListRequest::default()).await, expected.unsigned_abs());
    }
}

pub async fn a_rollback_leaves_nothing(store: Store) {
    let owner = registered(&store).await.id;
    let newcomer = user();
    let ada = contact().first("Ada").of(owner);
    let mut transaction = begin(&store).await;
    insert_user(&mut transaction, &newcomer).await;
    let stamp = advance(&mut transaction, owner).await;
    transaction.contacts().insert(&ada, &stamp).await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(find(&store, owner, ada.id).await, None);
    assert_eq!(find_user(&store, newcomer.id).await, None);
    // Neither the address nor the ids are taken.
    register(&store, &newcomer).await;
    insert(&store, std::slice::from_ref(&ada)).await;
}

pub async fn an_uncommitted_write_is_not_seen(store: Store) {
    let owner = registered(&store).await.id;
    let [old, new] = ["Old", "New"].map(|name| contact().first(name).of(owner));
    insert(&store, std::slice::from_ref(&old)).await;
    let newcomer = user();
    let mut transaction = begin(&store).await;
    let stamp = advance(&mut transaction, owner).await;
    transaction.contacts().insert(&new, &stamp).await.unwrap();
    let stamp = advance(&mut transaction, owner).await;
    assert!(transaction.contacts().delete(old.id, at(1), &stamp).await.unwrap());
    insert_user(&mut transaction, &newcomer).await;

    assert_eq!(find(&store, owner, new.id).await, None);
    assert_eq!(find(&store, owner, old.id).await.as_ref(), Some(&old));
    assert_eq!(count(&store, owner, ContactListRequest::default()).await, 1);
    assert_eq!(find_user(&store, newcomer.id).await, None);
    let key = newcomer.email.account_key();
    assert_eq!(store.read().users().find_by_key(&key).await.unwrap(), None);

    transaction.commit().await.unwrap();
    assert_eq!(find(&store, owner, new.id).await, Some(numbered(2, new)));
    assert_eq!(find(&store, owner, old.id).await, None);
    assert_eq!(find_user(&store, newcomer.id).await, Some(newcomer));
}

pub async fn a_transaction_sees_its_own_writes(store: Store) {
    let owner = registered(&store).await.id;
    let ada = contact().first("Ada").of(owner);
    let renamed = Contact { id: ada.id, ..contact().first("Augusta").of(owner) };
    let mut transaction = begin(&store).await;
    let stamp = advance(&mut transaction, owner).await;
    transaction.contacts().insert(&ada, &stamp).await.unwrap();
    assert_eq!(transaction.contacts().find(owner, ada.id).await.unwrap(), Some(ada.clone()));
    let stamp = advance(&mut transaction, owner).await;
    assert!(transaction.contacts().update(&renamed, &stamp).await.unwrap());
    assert_eq!(transaction.contacts().find(owner, ada.id).await.unwrap(), Some(numbered(2, renamed)));
    let stamp = advance(&mut transaction, owner).await;
    assert!(transaction.contacts().delete(ada.id, at(1), &stamp).await.unwrap());
    assert_eq!(transaction.contacts().find(owner, ada.id).await.unwrap(), None);
    let stamp = advance(&mut transaction, owner).await;
    assert!(!transaction.contacts().delete(ada.id, at(1), &stamp).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(find(&store, owner, ada.id).await, None);
}

pub async fn a_transaction_of_many_writes_is_all_or_nothing(store: Store) {
    let owner = registered(&store).await.id;
    let people = unusual_contacts(owner);
    let mut transaction = begin(&store).await;
    for contact in &people {
        let stamp = advance(&mut transaction, owner).await;
        transaction.contacts().insert(contact, &stamp).await.unwrap();
    }
    // The last write fails, and all the others go with it.
    let stamp = advance(&mut transaction, owner).await;
    assert_conflict(transaction.contacts().insert(&people[0], &stamp).await, UniqueKey::Id);
    transaction.rollback().await.unwrap();
    assert_eq!(count(&store, owner, ContactListRequest::default()).await, 0);
    insert(&store, &people).await;
    assert_eq!(count(&store, owner, ContactListRequest::default()).await, people.len() as u64);
}

pub async fn a_dropped_transaction_leaves_nothing_and_blocks_nobody(store: Store) {
    let owner = registered(&store).await.id;
    for _ in 0..MANY {
        let newcomer = user();
        let mut transaction = begin(&store).await;
        advance(&mut transaction, owner).await;
        insert_user(&mut transaction, &newcomer).await;
        drop(transaction);
        assert_eq!(find_user(&store, newcomer.id).await, None);
    }
    assert_usable(&store, owner).await;
}

pub async fn an_aborted_task_leaves_nothing_and_blocks_nobody(store: Store) {
    let owner = registered(&store).await.id;
    for _ in 0..MANY {
        let newcomer = user();
        let (written, has_written) = oneshot::channel();
        let task = tokio::spawn({
            let (store, newcomer) = (store.clone(), newcomer.clone());
            async move {
                let mut transaction = begin(&store).await;
                advance(&mut transaction, owner).await;
                insert_user(&mut transaction, &newcomer).await;
                written.send(()).unwrap();
                std::future::pending::<()>().await;
                transaction.commit().await.unwrap();
            }
        });
        has_written.await.unwrap();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(find_user(&store, newcomer.id).await, None);
    }
    assert_usable(&store, owner).await;
}

pub async fn after_a_conflict_a_rollback_frees_the_store(store: Store) {
    let first = registered(&store).await;
    for _ in 0..MANY {
        conflicting(&store, &first).await.rollback().await.unwrap();
    }
    assert_usable(&store, first.id).await;
}

pub async fn after_a_conflict_a_drop_frees_the_store(store: Store) {
    let first = registered(&store).await;
    for _ in 0..MANY {
        drop(conflicting(&store, &first).await);
    }
    assert_usable(&store, first.id).await;
}

pub async fn a_contact_of_no_address_book_is_a_fault_of_ours(store: Store) {
    let owner = registered(&store).await.id;
    let ada = contact().first("Ada").of(owner);
    let mut transaction = begin(&store).await;
    let stamp = advance(&mut transaction, owner).await;
    let nowhere = AddressBook { id: AddressBookId::new(unique_uuid()), owner };
    // Trying again would not help, so it must not look like a database that is away.
    let error = transaction.contacts().insert(&ada, &ChangeStamp { book: nowhere, ..stamp }).await.unwrap_err();
    assert!(matches!(error, RepositoryError::Backend(_)), "{error:?}");
    transaction.rollback().await.unwrap();
    assert_usable(&store, owner).await;
}

pub async fn an_update_that_was_undone_changes_nothing(store: Store) {
    let user = registered(&store).await;
    let [ada, grace] = ["Ada", "Grace"].map(|name| contact().first(name).of(user.id));
    insert(&store, &[ada.clone(), grace.clone()]).await;
    let mut transaction = begin(&store).await;
    let locked = transaction.users().lock(user.id).await.unwrap().unwrap();
    let named = User { name: Some(PersonName::parse("Ada").unwrap()), ..locked };
    transaction.users().update(&named).await.unwrap();
    let stamp = advance(&mut transaction, user.id).await;
    let renamed = Contact { id: ada.id, ..contact().first("Augusta").of(user.id) };
    assert!(transaction.contacts().update(&renamed, &stamp).await.unwrap());
    let stamp = advance(&mut transaction, user.id).await;
    assert!(transaction.contacts().delete(grace.id, at(1), &stamp).await.unwrap());
    transaction.rollback().await.unwrap();
    assert_eq!(find_user(&store, user.id).await, Some(user.clone()));
    assert_eq!(find(&store, user.id, ada.id).await, Some(ada));
    assert_eq!(find(&store, user.id, grace.id).await, Some(numbered(2, grace)));
}

pub async fn the_store_answers(store: Store) {
    store.ping().await.unwrap();
    // Also while somebody writes.
    let transaction = begin(&store).await;
    store.ping().await.unwrap();
    transaction.rollback().await.unwrap();
}

async fn insert_user(transaction: &mut Box<dyn UnitOfWork>, user: &User) {
    transaction.users().insert(user, &password_hash()).await.unwrap();
    transaction.address_books().insert(&book_of(user.id)).await.unwrap();
}

/// A transaction that wrote something, and then ran into the address of `taken`.
async fn conflicting(store: &Store, taken: &User) -> Box<dyn UnitOfWork> {
    let mut transaction = begin(store).await;
    advance(&mut transaction, taken.id).await;
    let second = User { email: taken.email.clone(), ..user() };
    assert_conflict(transaction.users().insert(&second, &password_hash()).await, UniqueKey::UserEmail);
    transaction
}

/// Reads and writes as if nothing had happened: no number of a change was lost either.
async fn assert_usable(store: &Store, owner: UserId) {
    registered(store).await;
    let mut transaction = begin(store).await;
    assert_eq!(advance(&mut transaction, owner).await.seq, 1);
    transaction.commit().await.unwrap();
}
