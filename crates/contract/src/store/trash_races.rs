//! The trash while others write: nobody fails for another's sake, and nothing comes back in part.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    address_book::Numbers,
    contact::Contact,
    contact_query::ContactListRequest,
    ids::{ContactId, UserId},
};

use super::{
    Store,
    steps::{advance, at_once, begin, count, delete_at, find, insert, numbered, registered, restore},
    trash::{forget, purge},
};
use crate::fixtures::{at, contact};

const ROUNDS: usize = 8;

/// Contacts that were deleted one second after the other.
async fn trashed(store: &Store, owner: UserId, count: i64) -> Vec<Contact> {
    let people: Vec<_> = (0..count).map(|_| contact().first("Ada").labels(&["x"]).of(owner)).collect();
    insert(store, &people).await;
    for (second, person) in (0..).zip(&people) {
        assert!(delete_at(store, owner, person.id, at(second)).await);
    }
    people
}

/// Empties a trash in a transaction of its own.
async fn empty(store: &Store, owner: UserId) -> u64 {
    let mut transaction = begin(store).await;
    let locked = transaction.address_books().advance(owner, Numbers { changes: 0, creations: 0 }).await.unwrap();
    let emptied = transaction.contacts().empty_trash(&locked.unwrap(), 100).await.expect("a trash can be emptied");
    transaction.commit().await.unwrap();
    emptied
}

/// Restores as many of these as are left, in one transaction; how many there were.
async fn restore_all(store: &Store, owner: UserId, ids: impl Iterator<Item = ContactId>) -> u64 {
    let mut transaction = begin(store).await;
    let mut restored = 0;
    for id in ids {
        let stamp = advance(&mut transaction, owner).await;
        restored += u64::from(transaction.contacts().restore(id, &stamp).await.unwrap().is_some());
    }
    transaction.commit().await.unwrap();
    restored
}

pub async fn purges_of_two_replicas_and_writers_do_not_fail_each_other(store: Store) {
    for _ in 0..ROUNDS {
        let (one, other) = (registered(&store).await.id, registered(&store).await.id);
        let trash = [trashed(&store, one, 20).await, trashed(&store, other, 20).await];
        let counts = at_once(8, |number| {
            let (store, people) = (store.clone(), trash[number / 4].clone());
            async move {
                match number % 4 {
                    0 | 1 => (purge(&store, at(100), 15).await + purge(&store, at(100), 15).await, 0, 0),
                    2 => (0, 0, forget(&store, at(100), 9).await + forget(&store, at(100), 9).await),
                    // The last deleted first: the other way round.
                    _ => {
                        let last = people.iter().rev().map(|person| person.id);
                        (0, restore_all(&store, people[0].owner, last).await, 0)
                    }
                }
            }
        })
        .await;
        let (mut purged, restored, mut forgotten) =
            counts.into_iter().fold((0, 0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1, sum.2 + count.2));
        purged += purge(&store, at(100), 100).await;
        forgotten += forget(&store, at(100), 100).await;
        assert_eq!((purged + restored, forgotten), (40, purged), "each once");
    }
}

pub async fn a_contact_that_is_restored_while_the_trash_is_emptied_comes_back_whole_or_not(store: Store) {
    for round in 0..ROUNDS {
        let owner = registered(&store).await.id;
        let people = trashed(&store, owner, 6).await;
        at_once(8, |number| {
            let (store, person) = (store.clone(), people.get(number).cloned());
            async move {
                match person {
                    Some(person) => {
                        let restored = restore(&store, owner, person.id).await;
                        assert!(restored.is_none_or(|restored| restored == numbered(restored.seq, person)));
                    }
                    None if (number + round) % 2 == 0 => assert!(empty(&store, owner).await <= 6),
                    None => assert!(purge(&store, at(100), 100).await <= 6),
                }
            }
        })
        .await;
        for person in people {
            assert!(find(&store, owner, person.id).await.is_none_or(|found| found == numbered(found.seq, person)));
        }
        // Their labels came back with them, and no others.
        let live = count(&store, owner, ContactListRequest::default()).await;
        let labels = store.read().contacts().labels(owner).await.unwrap();
        assert_eq!(labels.iter().map(|label| label.contacts).sum::<u64>(), live);
        let labelled = ContactListRequest { label: Some("x".into()), ..ContactListRequest::default() };
        assert_eq!(count(&store, owner, labelled).await, live);
    }
}
