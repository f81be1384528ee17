//! Creations: numbered under the lock of the book, and kept in a ledger until their time is over.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    address_book::{AddressBook, ChangeStamp},
    creation_quota::Creations,
    ids::UserId,
    ports::{UniqueKey, UnitOfWork},
};

use super::{
    Store,
    steps::{advance, assert_conflict, at_once, begin, book_of, delete, insert, registered},
};
use crate::fixtures::{at, contact, password_hash, unique_uuid, user};

pub async fn creations_are_counted_on_the_way_to_a_stamp(store: Store) {
    let book = with_book(&store).await;
    let mut transaction = begin(&store).await;
    for (count, seq, total) in [(3, 1, 3), (1, 2, 4), (0, 3, 4), (u32::MAX, 4, 4 + i64::from(u32::MAX))] {
        assert_eq!(create(&mut transaction, book.owner, count).await, (ChangeStamp { book, seq }, total));
    }
    // Whatever creates nothing takes a number of a change alone.
    assert_eq!(advance(&mut transaction, book.owner).await, ChangeStamp { book, seq: 5 });
    let (stamp, total) = create(&mut transaction, book.owner, 1).await;
    assert_eq!((stamp.seq, total), (6, 5 + i64::from(u32::MAX)));
    transaction.commit().await.unwrap();
}

pub async fn every_book_counts_its_creations_alone(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let mut transaction = begin(&store).await;
    assert_eq!(create(&mut transaction, ada, 5).await.1, 5);
    assert_eq!(create(&mut transaction, grace, 1).await.1, 1);
    transaction.commit().await.unwrap();
}

pub async fn nothing_is_created_without_an_address_book(store: Store) {
    let owner = registered(&store).await.id;
    let mut transaction = begin(&store).await;
    assert_eq!(
        transaction
            .address_books()
            .advance(UserId::new(unique_uuid()), contacts_domain::address_book::Numbers { changes: 1, creations: 1 })
            .await
            .unwrap(),
        None
    );
    // Nothing went wrong: the transaction goes on.
    assert_eq!(create(&mut transaction, owner, 1).await.1, 1);
    transaction.rollback().await.unwrap();
}

pub async fn of_64_creations_at_once_each_gets_another_number(store: Store) {
    let owner = registered(&store).await.id;
    let mut numbers = at_once(64, |_| {
        let store = store.clone();
        async move {
            let mut transaction = begin(&store).await;
            let (stamp, total) = create(&mut transaction, owner, 1).await;
            let line = Creations { last: total, count: 1, at: at(total) };
            transaction.address_books().record_creations(&stamp.book, &line).await.unwrap();
            transaction.commit().await.unwrap();
            total
        }
    })
    .await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=64).collect::<Vec<i64>>());
}

pub async fn a_rollback_takes_creations_back(store: Store) {
    let book = with_book(&store).await;
    for _ in 0..2 {
        let mut transaction = begin(&store).await;
        assert_eq!(create(&mut transaction, book.owner, 2).await, (ChangeStamp { book, seq: 1 }, 2));
        let line = Creations { last: 2, count: 2, at: at(1) };
        transaction.address_books().record_creations(&book, &line).await.unwrap();
        assert_eq!(transaction.address_books().find_creations(&book, 1).await.unwrap(), Some(line));
        transaction.rollback().await.unwrap();
        assert_eq!(find(&store, &book, 1).await, None);
    }
}

pub async fn a_deleted_contact_is_no_creation_undone(store: Store) {
    let owner = registered(&store).await.id;
    let mut transaction = begin(&store).await;
    assert_eq!(create(&mut transaction, owner, 1).await.1, 1);
    transaction.commit().await.unwrap();
    let ada = contact().first("Ada").of(owner);
    insert(&store, std::slice::from_ref(&ada)).await;
    assert!(delete(&store, owner, ada.id).await);
    let mut transaction = begin(&store).await;
    assert_eq!(create(&mut transaction, owner, 1).await.1, 2);
    transaction.rollback().await.unwrap();
}

pub async fn the_line_that_holds_a_number_is_found(store: Store) {
    let (book, empty) = (with_book(&store).await, with_book(&store).await);
    let three = Creations { last: 3, count: 3, at: at(123_456) };
    let one = Creations { last: 4, count: 1, at: at(0) };
    // The line of number 5 was purged, and so it is not found in the next one.
    let five = Creations { last: 10, count: 5, at: at(999_999) };
    // Written in an order that is not theirs.
    for line in [five, three, one] {
        record(&store, &book, line).await;
    }
    for (number, line) in [
        (i64::MIN, None),
        (0, None),
        (1, Some(three)),
        (2, Some(three)),
        (3, Some(three)),
        (4, Some(one)),
        (5, None),
        (6, Some(five)),
        (10, Some(five)),
        (11, None),
        (i64::MAX, None),
    ] {
        assert_eq!(find(&store, &book, number).await, line, "{number}");
        assert_eq!(find(&store, &empty, number).await, None, "{number} of another book");
    }
}

pub async fn a_number_has_one_line(store: Store) {
    let (ada, grace) = (with_book(&store).await, with_book(&store).await);
    let line = Creations { last: 3, count: 3, at: at(0) };
    record(&store, &ada, line).await;
    record(&store, &grace, line).await;
    let mut transaction = begin(&store).await;
    let again = Creations { count: 1, ..line };
    assert_conflict(transaction.address_books().record_creations(&ada, &again).await, UniqueKey::Id);
    transaction.rollback().await.unwrap();
    assert_eq!(find(&store, &ada, 1).await, Some(line));
}

pub async fn lines_of_all_books_are_purged_by_time(store: Store) {
    let books = [with_book(&store).await, with_book(&store).await];
    let old = Creations { last: 1, count: 1, at: at(4) };
    let young = Creations { last: 2, count: 1, at: at(5) };
    for book in &books {
        record(&store, book, old).await;
        record(&store, book, young).await;
    }
    for expected in [2, 0] {
        let mut transaction = begin(&store).await;
        assert_eq!(transaction.address_books().purge_creations(at(5)).await.unwrap(), expected);
        transaction.commit().await.unwrap();
    }
    for book in &books {
        assert_eq!(find(&store, book, 1).await, None);
        assert_eq!(find(&store, book, 2).await, Some(young));
    }
    // The numbers go on where they were.
    let mut transaction = begin(&store).await;
    assert_eq!(create(&mut transaction, books[0].owner, 1).await.1, 1);
    transaction.rollback().await.unwrap();
}

async fn with_book(store: &Store) -> AddressBook {
    let user = user();
    let book = book_of(user.id);
    let mut transaction = begin(store).await;
    transaction.users().insert(&user, &password_hash()).await.unwrap();
    transaction.address_books().insert(&book).await.unwrap();
    transaction.commit().await.unwrap();
    book
}

async fn create(transaction: &mut Box<dyn UnitOfWork>, owner: UserId, count: u32) -> (ChangeStamp, i64) {
    let advanced = transaction
        .address_books()
        .advance(owner, contacts_domain::address_book::Numbers { changes: 1, creations: count })
        .await
        .unwrap()
        .unwrap();
    (advanced.last(), advanced.creations)
}

async fn record(store: &Store, book: &AddressBook, line: Creations) {
    let mut transaction = begin(store).await;
    transaction.address_books().record_creations(book, &line).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn find(store: &Store, book: &AddressBook, number: i64) -> Option<Creations> {
    let mut transaction = begin(store).await;
    let line = transaction.address_books().find_creations(book, number).await.unwrap();
    transaction.rollback().await.unwrap();
    line
}
