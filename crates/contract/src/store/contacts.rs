//! Contacts: they come back as they were, change as a whole, and vanish when they are deleted.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use chrono::NaiveDate;
use contacts_domain::{
    birthday_query::BirthdayQuery,
    birthday_window::{BirthdayWindow, LeapDayRule},
    contact::Contact,
    contact_query::ContactListRequest,
    ids::{ContactId, UserId},
    page::PageLimit,
    ports::UniqueKey,
};

use super::{
    Store,
    steps::{
        advance, assert_conflict, begin, birthdays, count, delete, find, ids, in_order, insert, list, numbered,
        registered, update,
    },
};
use crate::fixtures::{at, contact, unique_uuid, unusual_contacts};

pub async fn every_field_comes_back_as_it_was(store: Store) {
    let owner = registered(&store).await.id;
    let contacts = in_order(unusual_contacts(owner));
    insert(&store, &contacts).await;
    for contact in &contacts {
        assert_eq!(find(&store, owner, contact.id).await.as_ref(), Some(contact));
    }
    let listed = list(&store, owner, ContactListRequest::default()).await;
    assert_eq!(listed.len(), contacts.len());
    for contact in &contacts {
        assert!(listed.contains(contact), "not in the list: {contact:?}");
    }
}

pub async fn a_contact_is_found_within_its_own_transaction(store: Store) {
    let owner = registered(&store).await.id;
    let contacts = in_order(unusual_contacts(owner));
    let mut transaction = begin(&store).await;
    for contact in &contacts {
        let stamp = advance(&mut transaction, owner).await;
        transaction.contacts().insert(contact, &stamp).await.unwrap();
        let found = transaction.contacts().find(owner, contact.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(contact));
    }
    transaction.rollback().await.unwrap();
}

pub async fn contacts_may_be_alike(store: Store) {
    let owner = registered(&store).await.id;
    let twin = || contact().first("Ada").email("ada@example.com").phone("+44 20 7946 0000").of(owner);
    insert(&store, &[twin(), twin(), twin()]).await;
    assert_eq!(count(&store, owner, ContactListRequest::default()).await, 3);
}

pub async fn an_unknown_contact_is_not_found(store: Store) {
    let owner = registered(&store).await.id;
    insert(&store, &[contact().first("Ada").of(owner)]).await;
    let unknown = ContactId::new(unique_uuid());
    assert_eq!(find(&store, owner, unknown).await, None);
    assert_eq!(find(&store, UserId::new(unique_uuid()), unknown).await, None);
    let mut transaction = begin(&store).await;
    assert_eq!(transaction.contacts().find(owner, unknown).await.unwrap(), None);
    transaction.rollback().await.unwrap();
}

pub async fn the_id_of_a_contact_is_taken_once(store: Store) {
    let (owner, other) = (registered(&store).await.id, registered(&store).await.id);
    let first = contact().first("Ada").of(owner);
    insert(&store, std::slice::from_ref(&first)).await;
    for owner in [owner, other] {
        assert_id_taken(&store, first.id, owner).await;
    }
    assert_eq!(find(&store, owner, first.id).await, Some(first));
}

pub async fn an_update_writes_every_field(store: Store) {
    let owner = registered(&store).await.id;
    let original = contact().first("Ada").of(owner);
    insert(&store, std::slice::from_ref(&original)).await;
    // Each differs from the one before it in what is set and what is null.
    for (seq, version) in (2..).zip(unusual_contacts(owner)) {
        let version = numbered(seq, version);
        let changed = Contact { id: original.id, created_at: original.created_at, ..version };
        assert!(update(&store, &changed).await);
        assert_eq!(find(&store, owner, original.id).await, Some(changed));
    }
}

pub async fn an_update_leaves_the_time_of_creation_alone(store: Store) {
    let owner = registered(&store).await.id;
    let original = contact().first("Ada").at(at(1)).of(owner);
    insert(&store, std::slice::from_ref(&original)).await;
    let changed = Contact { created_at: at(2), updated_at: at(3), ..original.clone() };
    assert!(update(&store, &changed).await);
    let found = find(&store, owner, original.id).await.unwrap();
    assert_eq!((found.created_at, found.updated_at), (at(1), at(3)));
}

pub async fn an_update_touches_no_other_contact(store: Store) {
    let owner = registered(&store).await.id;
    let [ada, grace] = ["Ada", "Grace"].map(|name| contact().first(name).of(owner));
    let grace = numbered(2, grace);
    insert(&store, &[ada.clone(), grace.clone()]).await;
    let changed = Contact { id: ada.id, ..contact().last("Lovelace").of(owner) };
    assert!(update(&store, &changed).await);
    assert_eq!(find(&store, owner, grace.id).await, Some(grace));
}

pub async fn an_update_of_an_unknown_contact_is_false(store: Store) {
    let owner = registered(&store).await.id;
    let unknown = contact().first("Ada").of(owner);
    assert!(!update(&store, &unknown).await);
    assert!(!delete(&store, owner, unknown.id).await);
    assert_eq!(find(&store, owner, unknown.id).await, None);
}

pub async fn a_deleted_contact_vanishes_from_every_read(store: Store) {
    let owner = registered(&store).await.id;
    let [deleted, kept] = [(); 2].map(|()| {
        let twin = contact().first("Ada").last("Lovelace").email("ada@example.com");
        twin.phone("+44 20 7946 0000").birthday("1815-12-10").of(owner)
    });
    let kept = numbered(2, kept);
    insert(&store, &[deleted.clone(), kept.clone()]).await;
    assert!(delete(&store, owner, deleted.id).await);

    assert_eq!(find(&store, owner, deleted.id).await, None);
    for request in requests_that_find_ada() {
        let listed = list(&store, owner, request.clone()).await;
        assert_eq!(ids(&listed), [kept.id], "{request:?}");
        assert_eq!(count(&store, owner, request.clone()).await, 1, "{request:?}");
    }
    let window = BirthdayWindow::new(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(), 366, LeapDayRule::Feb28).unwrap();
    let query = BirthdayQuery { window, after: None, limit: PageLimit::default() };
    assert_eq!(ids(&birthdays(&store, owner, &query).await.items), [kept.id]);
    let mut transaction = begin(&store).await;
    assert_eq!(transaction.contacts().find(owner, deleted.id).await.unwrap(), None);
    assert_eq!(transaction.contacts().find(owner, kept.id).await.unwrap(), Some(kept));
    transaction.rollback().await.unwrap();
}

pub async fn a_deleted_contact_is_neither_updated_nor_deleted_again(store: Store) {
    let owner = registered(&store).await.id;
    let ada = contact().first("Ada").of(owner);
    insert(&store, std::slice::from_ref(&ada)).await;
    assert!(delete(&store, owner, ada.id).await);
    assert!(!update(&store, &ada).await, "an update brought a contact back");
    assert!(!delete(&store, owner, ada.id).await, "a contact was deleted twice");
    assert_eq!(find(&store, owner, ada.id).await, None);
}

pub async fn the_id_of_a_deleted_contact_is_never_given_again(store: Store) {
    let owner = registered(&store).await.id;
    let ada = contact().first("Ada").of(owner);
    insert(&store, std::slice::from_ref(&ada)).await;
    assert!(delete(&store, owner, ada.id).await);
    assert_id_taken(&store, ada.id, owner).await;
}

async fn assert_id_taken(store: &Store, id: ContactId, owner: UserId) {
    let second = Contact { id, ..contact().first("Grace").of(owner) };
    let mut transaction = begin(store).await;
    let stamp = advance(&mut transaction, owner).await;
    assert_conflict(transaction.contacts().insert(&second, &stamp).await, UniqueKey::Id);
    transaction.rollback().await.unwrap();
}

fn requests_that_find_ada() -> Vec<ContactListRequest> {
    let all = ContactListRequest::default;
    let text = |text: &str| Some(text.to_owned());
    vec![
        all(),
        ContactListRequest { first_name: text("ada"), ..all() },
        ContactListRequest { last_name: text("love"), ..all() },
        ContactListRequest { email: text("example"), ..all() },
        ContactListRequest { q: text("ada"), ..all() },
        ContactListRequest { q: text("7946"), ..all() },
        ContactListRequest { q: text("ada love"), sort: text("-created_at"), ..all() },
    ]
}
