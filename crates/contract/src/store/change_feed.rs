//! The changes feed: a client that follows it has what there is.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use contacts_domain::{
    change_feed::ChangesRequest,
    contact::Contact,
    ids::{ContactId, Epoch, UserId},
};

use super::{
    Store,
    steps::{advance, at_once, begin, changes, changes_since, delete, ids, insert, registered, restore, update},
};
use crate::fixtures::{contact, unique_uuid};

const WRITERS: usize = 8;

/// Follows from one number on to the end, page by page, and returns where it ended.
async fn follow(store: &Store, owner: UserId, mut since: Option<i64>, copy: &mut BTreeSet<ContactId>) -> Option<i64> {
    loop {
        let page = changes(store, owner, since, "3").await;
        for change in page.items {
            assert!(since.is_none_or(|since| change.seq > since), "a page goes back");
            since = Some(change.seq);
            match change.contact {
                Some(contact) => {
                    assert_eq!((contact.id, contact.seq), (change.id, change.seq));
                    copy.insert(contact.id);
                }
                None => {
                    copy.remove(&change.id);
                }
            }
        }
        if !page.more {
            return since;
        }
    }
}

pub async fn each_contact_comes_once_with_its_latest_change(store: Store) {
    let owner = registered(&store).await.id;
    let [ada, grace, gone] = ["Ada", "Grace", "Gone"].map(|name| contact().first(name).of(owner));
    insert(&store, &[ada.clone(), grace.clone(), gone.clone()]).await;
    assert!(update(&store, &ada).await && delete(&store, owner, gone.id).await);
    let all = changes_since(&store, owner, 0).await;
    let told: Vec<_> = all.items.iter().map(|change| (change.id, change.seq, change.contact.is_some())).collect();
    assert_eq!(told, [(grace.id, 2, true), (ada.id, 4, true), (gone.id, 5, false)]);
    assert_eq!((all.more, all.history.newest, all.history.forgotten), (false, 5, 0));
    // From the beginning: without those who are gone.
    let live = changes(&store, owner, None, "500").await;
    assert_eq!(live.items.iter().map(|change| change.id).collect::<Vec<_>>(), [grace.id, ada.id]);
    assert!(restore(&store, owner, gone.id).await.is_some());
    let back = changes_since(&store, owner, 5).await;
    assert_eq!(
        back.items.iter().map(|change| (change.id, change.contact.is_some())).collect::<Vec<_>>(),
        [(gone.id, true)]
    );
}

pub async fn another_history_is_another_one_in_every_book_and_goes_on(store: Store) {
    let owners = [registered(&store).await.id, registered(&store).await.id];
    for owner in owners {
        insert(&store, &[contact().first("Ada").of(owner)]).await;
    }
    let epoch = Epoch::new(unique_uuid());
    let mut transaction = begin(&store).await;
    assert!(transaction.address_books().begin_histories(epoch).await.expect("histories begin") >= 2);
    transaction.commit().await.expect("histories are committed");
    for owner in owners {
        insert(&store, &[contact().first("Grace").of(owner)]).await;
        let all = changes(&store, owner, None, "500").await;
        assert_eq!((all.items.len(), all.history.epoch, all.history.newest), (2, epoch, 2));
    }
}

pub async fn a_page_may_end_behind_any_change(store: Store) {
    let owner = registered(&store).await.id;
    let people: Vec<Contact> = (0..5).map(|_| contact().first("A").of(owner)).collect();
    insert(&store, &people).await;
    for (limit, more) in [("1", true), ("4", true), ("5", false), ("1000", false)] {
        let page = changes(&store, owner, Some(0), limit).await;
        assert_eq!((page.items.len(), page.more), (limit.parse::<usize>().unwrap().min(5), more), "{limit}");
    }
    let mut copy = BTreeSet::new();
    assert_eq!(follow(&store, owner, None, &mut copy).await, Some(5));
    assert_eq!(copy, ids(&people).into_iter().collect());
}

pub async fn the_changes_of_an_owner_are_theirs(store: Store) {
    let (owner, other) = (registered(&store).await.id, registered(&store).await.id);
    insert(&store, &[contact().first("A").of(other)]).await;
    let nothing = changes_since(&store, owner, 0).await;
    assert_eq!((nothing.items, nothing.history.newest), (vec![], 0));
    assert_ne!(nothing.history.epoch, changes_since(&store, other, 0).await.history.epoch);
    let (_, limit) = ChangesRequest::default().validate().unwrap();
    let nobody = UserId::new(unique_uuid());
    assert_eq!(store.read().contacts().changes(nobody, None, limit).await.unwrap(), None);
}

pub async fn a_write_that_was_undone_is_never_told(store: Store) {
    let owner = registered(&store).await.id;
    let mut transaction = begin(&store).await;
    let stamp = advance(&mut transaction, owner).await;
    transaction.contacts().insert(&contact().first("A").of(owner), &stamp).await.unwrap();
    assert_eq!(changes_since(&store, owner, 0).await.items, []);
    transaction.rollback().await.unwrap();
    let after = changes_since(&store, owner, 0).await;
    assert_eq!((after.items, after.history.newest), (vec![], 0));
}

/// Creates, changes, deletes and restores.
async fn write(store: Store, owner: UserId) {
    for step in 0..12 {
        let person = contact().first("A").of(owner);
        insert(&store, std::slice::from_ref(&person)).await;
        assert!(update(&store, &person).await);
        if step % 3 > 0 {
            assert!(delete(&store, owner, person.id).await);
        }
        if step % 3 > 1 {
            assert!(restore(&store, owner, person.id).await.is_some());
        }
    }
}

pub async fn who_follows_while_8_write_ends_with_exactly_the_contacts(store: Store) {
    let owner = registered(&store).await.id;
    let written = Arc::new(AtomicUsize::new(0));
    let outer = store.clone();
    let copies = at_once(WRITERS + 1, move |number| {
        let (store, written) = (outer.clone(), written.clone());
        async move {
            if number < WRITERS {
                write(store, owner).await;
                written.fetch_add(1, Ordering::SeqCst);
                return None;
            }
            let (mut copy, mut since) = (BTreeSet::new(), None);
            loop {
                // Asked before the last round, so that it sees everything.
                let all_written = written.load(Ordering::SeqCst) == WRITERS;
                since = follow(&store, owner, since, &mut copy).await;
                if all_written {
                    return Some(copy);
                }
            }
        }
    })
    .await;
    let copy = copies.into_iter().flatten().next().unwrap();
    let live = store.read().contacts().by_id(owner, None, 1000).await.unwrap();
    assert_eq!(live.len(), WRITERS * 8);
    assert_eq!(copy, ids(&live).into_iter().collect());
}

pub async fn a_walk_by_id_misses_nothing_and_repeats_nothing(store: Store) {
    let (owner, other) = (registered(&store).await.id, registered(&store).await.id);
    let people: Vec<Contact> = (0..10).map(|_| contact().first("A").of(owner)).collect();
    insert(&store, &people).await;
    insert(&store, &[contact().first("B").of(other)]).await;
    let mut sorted = ids(&people);
    sorted.sort_unstable();
    let (mut walked, mut after) = (Vec::<ContactId>::new(), None);
    loop {
        let some = ids(&store.read().contacts().by_id(owner, after, 3).await.unwrap());
        after = some.last().copied();
        walked.extend(&some);
        if some.len() < 3 {
            break;
        }
        // Whatever happens to what was passed already.
        let passed = people.iter().find(|person| person.id == walked[0]).unwrap();
        assert!(update(&store, passed).await);
    }
    assert_eq!(walked, sorted);
    assert!(delete(&store, owner, sorted[0]).await);
    assert_eq!(ids(&store.read().contacts().by_id(owner, None, 1).await.unwrap()), [sorted[1]]);
}
