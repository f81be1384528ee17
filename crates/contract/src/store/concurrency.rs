//! Many at once: nothing is lost, nothing happens twice, nobody fails for another's sake.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    contact_query::ContactListRequest,
    email_address::EmailAddress,
    ids::UserId,
    person_name::PersonName,
    ports::{RepositoryError, RepositoryResult, UniqueKey},
    user::User,
};

use super::{
    Store,
    steps::{
        advance, at_once, begin, book_of, count, delete, find, find_user, insert, page, query, register, registered,
    },
};
use crate::fixtures::{contact, password_hash, unique_uuid, user};

const AT_ONCE: usize = 64;

pub async fn of_64_registrations_of_one_address_one_succeeds(store: Store) {
    let address = format!("ada.{}@example.com", unique_uuid().simple());
    let users: Vec<User> = (0..AT_ONCE)
        .map(|number| {
            // Every second one shouts.
            let text = if number % 2 == 0 { address.clone() } else { address.to_uppercase() };
            User { email: EmailAddress::parse(&text).unwrap(), ..user() }
        })
        .collect();
    let results = at_once(AT_ONCE, |number| try_to_register(store.clone(), users[number].clone())).await;
    let mut winners = Vec::new();
    for (user, result) in users.into_iter().zip(results) {
        match result {
            Ok(()) => winners.push(user),
            Err(RepositoryError::Conflict(UniqueKey::UserEmail)) => {
                assert_eq!(find_user(&store, user.id).await, None, "a refused registration left a user");
            }
            Err(error) => panic!("the address is taken, and the error must say so: {error:?}"),
        }
    }
    let [winner] = winners.as_slice() else {
        panic!("{} registrations succeeded", winners.len());
    };
    let found = store.read().users().find_by_key(&winner.email.account_key()).await.unwrap();
    assert_eq!(found.as_ref(), Some(winner));
    // The winner has an address book.
    let mut transaction = begin(&store).await;
    assert_eq!(advance(&mut transaction, winner.id).await.seq, 1);
    transaction.rollback().await.unwrap();
}

pub async fn sixty_four_writers_get_numbers_without_gap_or_repetition(store: Store) {
    let owner = registered(&store).await.id;
    let mut numbers = at_once(AT_ONCE, |_| insert_one(store.clone(), owner)).await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=64).collect::<Vec<i64>>());
    assert_eq!(count(&store, owner, ContactListRequest::default()).await, 64);
}

pub async fn sixty_four_changes_of_a_user_lose_nothing(store: Store) {
    let number_as_name = |number: usize| Some(PersonName::parse(&number.to_string()).unwrap());
    let user = User { name: number_as_name(0), ..user() };
    register(&store, &user).await;
    at_once(AT_ONCE, |_| {
        let (store, id) = (store.clone(), user.id);
        async move {
            let mut transaction = begin(&store).await;
            let locked = transaction.users().lock(id).await.unwrap().unwrap();
            let number: usize = locked.name.as_ref().unwrap().as_str().parse().unwrap();
            let changed = User { name: number_as_name(number + 1), ..locked };
            transaction.users().update(&changed).await.unwrap();
            transaction.commit().await.unwrap();
        }
    })
    .await;
    let expected = User { name: number_as_name(AT_ONCE), version: user.version + 64, ..user };
    assert_eq!(find_user(&store, expected.id).await, Some(expected));
}

pub async fn of_64_deletions_of_a_contact_one_succeeds(store: Store) {
    let owner = registered(&store).await.id;
    let ada = contact().first("Ada").of(owner);
    insert(&store, std::slice::from_ref(&ada)).await;
    let deleted = at_once(AT_ONCE, |_| {
        let (store, id) = (store.clone(), ada.id);
        async move { delete(&store, owner, id).await }
    })
    .await;
    assert_eq!(deleted.into_iter().filter(|deleted| *deleted).count(), 1);
    assert_eq!(find(&store, owner, ada.id).await, None);
}

pub async fn writers_of_different_owners_do_not_fail_each_other(store: Store) {
    let mut owners = Vec::new();
    for _ in 0..8 {
        owners.push(registered(&store).await.id);
    }
    at_once(AT_ONCE, |number| insert_one(store.clone(), owners[number % owners.len()])).await;
    for owner in owners {
        assert_eq!(count(&store, owner, ContactListRequest::default()).await, 8);
    }
}

pub async fn readers_are_served_while_a_transaction_is_open(store: Store) {
    let owner = registered(&store).await.id;
    let [committed, open] = ["Committed", "Open"].map(|name| contact().first(name).of(owner));
    insert(&store, std::slice::from_ref(&committed)).await;
    let mut transaction = begin(&store).await;
    let stamp = advance(&mut transaction, owner).await;
    transaction.contacts().insert(&open, &stamp).await.unwrap();
    let found = at_once(AT_ONCE, |_| {
        let (store, id) = (store.clone(), committed.id);
        async move {
            let all = query(owner, ContactListRequest::default());
            let listed = page(&store, owner, &all).await.items;
            (find(&store, owner, id).await, listed)
        }
    })
    .await;
    transaction.commit().await.unwrap();
    for (found, listed) in found {
        assert_eq!(found.as_ref(), Some(&committed));
        assert_eq!(listed, std::slice::from_ref(&committed));
    }
}

/// Inserts a contact and returns its number.
async fn insert_one(store: Store, owner: UserId) -> i64 {
    let mut transaction = begin(&store).await;
    let stamp = advance(&mut transaction, owner).await;
    let contact = contact().first(&stamp.seq.to_string()).of(owner);
    transaction.contacts().insert(&contact, &stamp).await.expect("a contact is inserted");
    transaction.commit().await.expect("a contact is committed");
    stamp.seq
}

async fn try_to_register(store: Store, user: User) -> RepositoryResult<()> {
    let mut transaction = store.begin().await?;
    let written = match transaction.users().insert(&user, &password_hash()).await {
        Ok(()) => transaction.address_books().insert(&book_of(user.id)).await,
        Err(error) => Err(error),
    };
    match written {
        Ok(()) => transaction.commit().await,
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}
