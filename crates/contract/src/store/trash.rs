//! The trash: what was deleted comes back, for a while.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    Timestamp,
    address_book::Numbers,
    cursor::Position,
    ids::UserId,
    page::PageLimit,
    trash::{TrashQuery, TrashedContact},
};

use super::{
    Store,
    steps::{begin, changes_since, delete, delete_at, find, insert, numbered, registered, restore},
};
use crate::fixtures::{at, contact, unusual_contacts};

async fn page(
    store: &Store,
    owner: UserId,
    after: Option<Position>,
    limit: &str,
) -> (Vec<TrashedContact>, Option<Position>) {
    let query = TrashQuery { after, limit: PageLimit::parse(limit).unwrap() };
    let slice = store.read().contacts().trash(owner, &query).await.expect("the trash can be listed");
    (slice.items, slice.next)
}

async fn trash(store: &Store, owner: UserId) -> Vec<TrashedContact> {
    page(store, owner, None, "200").await.0
}

/// Purges in a transaction of its own.
pub(super) async fn purge(store: &Store, before: Timestamp, limit: u32) -> u64 {
    let mut transaction = begin(store).await;
    let purged = transaction.contacts().purge_trash(before, limit).await.unwrap();
    transaction.commit().await.unwrap();
    purged
}

/// Forgets tombstones in a transaction of its own.
pub(super) async fn forget(store: &Store, before: Timestamp, limit: u32) -> u64 {
    let mut transaction = begin(store).await;
    let forgotten = transaction.contacts().forget_tombstones(before, limit).await.unwrap();
    transaction.commit().await.unwrap();
    forgotten
}

pub async fn what_was_deleted_comes_back_with_every_field(store: Store) {
    let owner = registered(&store).await.id;
    let people = unusual_contacts(owner);
    insert(&store, &people).await;
    let mut seq = people.len() as i64;
    for person in people {
        let person = find(&store, owner, person.id).await.unwrap();
        assert!(delete_at(&store, owner, person.id, at(7)).await);
        seq += 1;
        let deleted = TrashedContact { contact: numbered(seq, person.clone()), deleted_at: at(7) };
        assert_eq!(trash(&store, owner).await, [deleted]);
        seq += 1;
        let restored = numbered(seq, person);
        assert_eq!(restore(&store, owner, restored.id).await, Some(restored.clone()));
        assert_eq!(find(&store, owner, restored.id).await, Some(restored));
        assert_eq!(trash(&store, owner).await, []);
    }
}

pub async fn only_what_is_in_the_owners_trash_comes_back(store: Store) {
    let (owner, other) = (registered(&store).await.id, registered(&store).await.id);
    let ada = contact().first("Ada").of(owner);
    insert(&store, std::slice::from_ref(&ada)).await;
    assert_eq!(restore(&store, owner, ada.id).await, None);
    assert!(delete(&store, owner, ada.id).await);
    assert_eq!(restore(&store, other, ada.id).await, None);
    assert_eq!(trash(&store, other).await, []);
    assert!(restore(&store, owner, ada.id).await.is_some());
    assert_eq!(restore(&store, owner, ada.id).await, None);
}

pub async fn the_trash_is_paged_the_last_deleted_first(store: Store) {
    let owner = registered(&store).await.id;
    let people: Vec<_> = (0..7).map(|_| contact().first("A").of(owner)).collect();
    insert(&store, &people).await;
    // Some at the same time: then by id.
    for (person, second) in people.iter().zip([3, 1, 2, 2, 2, 5, 4]) {
        assert!(delete_at(&store, owner, person.id, at(second)).await);
    }
    let mut together = [people[2].id, people[3].id, people[4].id];
    together.sort_unstable();
    let expected = [people[5].id, people[6].id, people[0].id, together[0], together[1], together[2], people[1].id];
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let (items, next) = page(&store, owner, after, "2").await;
        listed.extend(items.iter().map(|item| item.contact.id));
        after = next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed, expected);
}

pub async fn an_emptied_trash_keeps_tombstones_alone(store: Store) {
    let (owner, other) = (registered(&store).await.id, registered(&store).await.id);
    let [ada, kept, old] = [(); 3].map(|()| contact().first("Ada").labels(&["Work"]).notes("secret").of(owner));
    let foreign = contact().first("Ada").of(other);
    insert(&store, &[ada.clone(), kept.clone(), old.clone()]).await;
    insert(&store, std::slice::from_ref(&foreign)).await;
    assert!(delete_at(&store, owner, old.id, at(4_000_000)).await && delete(&store, owner, ada.id).await);
    assert!(delete(&store, other, foreign.id).await);
    let mut transaction = begin(&store).await;
    let locked = transaction.address_books().advance(owner, Numbers { changes: 0, creations: 0 }).await;
    let locked = locked.unwrap().unwrap();
    assert_eq!(transaction.contacts().empty_trash(&locked, 1).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    assert_eq!(trash(&store, owner).await.len(), 1);
    assert_eq!(restore(&store, owner, ada.id).await, None);
    let mut transaction = begin(&store).await;
    let locked = transaction.address_books().advance(owner, Numbers { changes: 0, creations: 0 }).await;
    let locked = locked.unwrap().unwrap();
    assert_eq!(transaction.contacts().empty_trash(&locked, 2).await.unwrap(), 1);
    assert_eq!(transaction.contacts().empty_trash(&locked, 2).await.unwrap(), 0);
    transaction.commit().await.unwrap();
    assert_eq!(trash(&store, owner).await, []);
    assert_eq!(restore(&store, owner, old.id).await, None);
    assert_eq!(trash(&store, other).await.len(), 1);
    assert!(find(&store, owner, kept.id).await.is_some());
    let deleted: Vec<_> = changes_since(&store, owner, 3).await.items.into_iter().map(|change| change.id).collect();
    assert_eq!(deleted, [old.id, ada.id]);
}

/// In a store of its own: it empties everybody's trash.
pub async fn old_trash_is_purged_batch_by_batch_and_then_forgotten(store: Store) {
    let (one, other) = (registered(&store).await.id, registered(&store).await.id);
    let (mut old, mut fresh) = (Vec::new(), Vec::new());
    for owner in [one, other] {
        for second in [1, 2, 9] {
            let person = contact().first("Ada").labels(&["Work"]).of(owner);
            insert(&store, std::slice::from_ref(&person)).await;
            assert!(delete_at(&store, owner, person.id, at(second)).await);
            if second < 5 { old.push(person) } else { fresh.push(person) }
        }
    }
    // What still has its details is not forgotten.
    assert_eq!(forget(&store, at(5), 100).await, 0);
    assert_eq!(
        [purge(&store, at(5), 3).await, purge(&store, at(5), 3).await, purge(&store, at(5), 3).await],
        [3, 1, 0]
    );
    for person in &old {
        assert_eq!(restore(&store, person.owner, person.id).await, None);
    }
    for (owner, person) in [one, other].into_iter().zip(&fresh) {
        let left: Vec<_> = trash(&store, owner).await.into_iter().map(|item| item.contact.id).collect();
        assert_eq!(left, [person.id]);
        assert_eq!(changes_since(&store, owner, 0).await.items.len(), 3);
        assert_eq!(changes_since(&store, owner, 0).await.history.forgotten, 0);
    }
    assert_eq!(
        [forget(&store, at(5), 3).await, forget(&store, at(5), 3).await, forget(&store, at(5), 3).await],
        [3, 1, 0]
    );
    for owner in [one, other] {
        let changes = changes_since(&store, owner, 0).await;
        assert_eq!((changes.items.len(), changes.history.forgotten, changes.history.newest), (1, 4, 8));
    }
}
