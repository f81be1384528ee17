//! The numbers of changes: one for each write, without gaps, for each owner alone.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    address_book::{ChangeStamp, Numbers},
    ids::UserId,
};

use super::{
    Store,
    steps::{advance, begin, book_of, registered},
};
use crate::fixtures::{password_hash, unique_uuid, user};

pub async fn changes_are_numbered_from_one(store: Store) {
    let owner = registered(&store).await.id;
    for expected in 1..=5 {
        let mut transaction = begin(&store).await;
        assert_eq!(advance(&mut transaction, owner).await.seq, expected);
        transaction.commit().await.unwrap();
    }
}

pub async fn changes_of_one_transaction_have_a_number_each(store: Store) {
    let owner = registered(&store).await.id;
    let mut transaction = begin(&store).await;
    for expected in 1..=5 {
        assert_eq!(advance(&mut transaction, owner).await.seq, expected);
    }
    transaction.commit().await.unwrap();
    assert_eq!(next_number(&store, owner).await, 6);
}

pub async fn a_change_that_was_undone_leaves_no_gap(store: Store) {
    let owner = registered(&store).await.id;
    assert_eq!(next_number(&store, owner).await, 1);
    for _ in 0..3 {
        let mut transaction = begin(&store).await;
        assert_eq!(advance(&mut transaction, owner).await.seq, 2);
        transaction.rollback().await.unwrap();
    }
    assert_eq!(next_number(&store, owner).await, 2);
}

pub async fn a_stamp_names_the_book_and_its_owner(store: Store) {
    let user = user();
    let owner = user.id;
    let book = book_of(owner);
    let mut transaction = begin(&store).await;
    transaction.users().insert(&user, &password_hash()).await.unwrap();
    transaction.address_books().insert(&book).await.unwrap();
    // Within the transaction that makes the book, and after it.
    assert_eq!(advance(&mut transaction, owner).await, ChangeStamp { book, seq: 1 });
    transaction.commit().await.unwrap();
    let mut transaction = begin(&store).await;
    assert_eq!(advance(&mut transaction, owner).await, ChangeStamp { book, seq: 2 });
    transaction.rollback().await.unwrap();
}

pub async fn every_owner_counts_alone(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    for expected in 1..=3 {
        assert_eq!(next_number(&store, ada).await, expected);
    }
    assert_eq!(next_number(&store, grace).await, 1);
}

pub async fn nothing_is_numbered_without_an_address_book(store: Store) {
    let owner = registered(&store).await.id;
    let bookless = user();
    let mut transaction = begin(&store).await;
    transaction.users().insert(&bookless, &password_hash()).await.unwrap();
    transaction.commit().await.unwrap();
    let mut transaction = begin(&store).await;
    for nobody in [UserId::new(unique_uuid()), bookless.id] {
        let advanced = transaction.address_books().advance(nobody, Numbers { changes: 1, creations: 0 }).await;
        assert_eq!(advanced.unwrap(), None);
    }
    // Nothing went wrong: the transaction goes on.
    assert_eq!(advance(&mut transaction, owner).await.seq, 1);
    transaction.rollback().await.unwrap();
}

pub async fn as_many_numbers_are_taken_as_are_asked_for(store: Store) {
    let owner = registered(&store).await.id;
    let mut transaction = begin(&store).await;
    for (changes, creations, last_change, total) in [(5, 2, 5, 2), (0, 0, 5, 2), (0, 3, 5, 5), (1, 0, 6, 5)] {
        let numbers = Numbers { changes, creations };
        let advanced = transaction.address_books().advance(owner, numbers).await.unwrap().unwrap();
        assert_eq!((advanced.last_change, advanced.creations), (last_change, total), "{numbers:?}");
    }
    transaction.commit().await.unwrap();
    assert_eq!(next_number(&store, owner).await, 7);
}

async fn next_number(store: &Store, owner: UserId) -> i64 {
    let mut transaction = begin(store).await;
    let stamp = advance(&mut transaction, owner).await;
    transaction.commit().await.unwrap();
    stamp.seq
}
