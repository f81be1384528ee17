//! A search finds what is there, whatever was written before.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    contact::{Contact, ContactDetails},
    contact_query::ContactListRequest,
    ids::{ContactId, UserId},
    user::User,
};
use uuid::Uuid;

use super::{
    Store,
    search::search,
    steps::{advance, begin, delete, find, insert, list, names, register, registered, restore, update},
};
use crate::fixtures::{contact, unique_uuid, user};

/// Of every field one word that no other field has.
const WORDS: [&str; 6] = ["grace", "hopper", "navy", "555-01", "club", "compiler"];

fn grace(owner: UserId) -> Contact {
    let grace = contact().first("Grace").last("Hopper").email("amazing@navy.example").phone("+1 555 010 7788");
    grace.labels(&["Club"]).notes("wrote a compiler").of(owner)
}

async fn found(store: &Store, owner: UserId) -> Vec<&'static str> {
    let mut found = Vec::new();
    for word in WORDS {
        match list(store, owner, search(word)).await.len() {
            0 => {}
            1 => found.push(word),
            more => panic!("{word} is found {more} times"),
        }
    }
    found
}

pub async fn a_contact_is_found_as_it_was_written_last(store: Store) {
    let owner = registered(&store).await.id;
    let before = grace(owner);
    insert(&store, &[contact().first("Bo").of(owner), before.clone()]).await;
    assert_eq!(found(&store, owner).await, WORDS);

    let after = Contact { id: before.id, ..contact().first("Amazing").phone("112").notes("retired").of(owner) };
    assert!(update(&store, &after).await);
    assert_eq!(found(&store, owner).await, [""; 0]);
    for word in ["amazing", "112", "retired"] {
        assert_eq!(names(&list(&store, owner, search(word)).await), ["Amazing"], "{word}");
    }

    assert!(update(&store, &before).await);
    assert_eq!(found(&store, owner).await, WORDS);
    assert_eq!(list(&store, owner, search("retired")).await, []);
}

pub async fn a_deleted_contact_is_not_found_until_it_is_restored(store: Store) {
    let owner = registered(&store).await.id;
    let grace = grace(owner);
    insert(&store, std::slice::from_ref(&grace)).await;
    assert!(delete(&store, owner, grace.id).await);
    assert_eq!(found(&store, owner).await, [""; 0]);
    assert!(restore(&store, owner, grace.id).await.is_some());
    assert_eq!(found(&store, owner).await, WORDS);
}

pub async fn a_contact_is_found_by_the_labels_that_it_was_given_with_others(store: Store) {
    let owner = registered(&store).await.id;
    let grace = grace(owner);
    insert(&store, &[grace.clone(), contact().first("Bo").labels(&["Club"]).of(owner)]).await;
    let mut transaction = begin(&store).await;
    let stamp = advance(&mut transaction, owner).await;
    let labels = contact().first("x").labels(&["Fleet"]).of(owner).details.labels;
    let details = ContactDetails { labels, ..grace.details.clone() };
    let changes = [(Contact { details, ..grace }, stamp)];
    assert!(transaction.contacts().relabel(&changes).await.expect("contacts are relabelled"));
    transaction.commit().await.expect("labels are committed");
    assert_eq!(names(&list(&store, owner, search("fleet")).await), ["Grace Hopper"]);
    assert_eq!(names(&list(&store, owner, search("club")).await), ["Bo"]);
    assert_eq!(names(&list(&store, owner, search("hopper compiler")).await), ["Grace Hopper"]);
}

pub async fn what_was_rolled_back_is_not_found(store: Store) {
    let owner = registered(&store).await.id;
    let mut transaction = begin(&store).await;
    let stamp = advance(&mut transaction, owner).await;
    transaction.contacts().insert(&grace(owner), &stamp).await.expect("a contact is inserted");
    transaction.rollback().await.expect("a transaction is rolled back");
    assert_eq!(found(&store, owner).await, [""; 0]);
}

pub async fn owners_whose_terms_begin_alike_find_only_their_own(store: Store) {
    // The end of the id is what terms begin with.
    let alike =
        |end: u128| User { id: UserId::new(Uuid::from_u128(unique_uuid().as_u128() >> 32 << 32 | end)), ..user() };
    let (ada, bo) = (alike(0xABCD_EF01), alike(0xABCD_EF01));
    for user in [&ada, &bo] {
        register(&store, user).await;
        insert(&store, &[grace(user.id)]).await;
    }
    assert_eq!(found(&store, ada.id).await, WORDS);
    assert_eq!(found(&store, bo.id).await, WORDS);
    let contact = list(&store, bo.id, search("grace")).await.remove(0);
    assert_eq!(find(&store, bo.id, contact.id).await.map(|contact| contact.owner), Some(bo.id));
    assert!(delete(&store, ada.id, only(&store, ada.id).await).await);
    assert_eq!(found(&store, ada.id).await, [""; 0]);
    assert_eq!(found(&store, bo.id).await, WORDS);
}

pub async fn an_account_leaves_nothing_to_be_found(store: Store) {
    let user = registered(&store).await;
    insert(&store, &[grace(user.id)]).await;
    let mut transaction = begin(&store).await;
    assert!(transaction.users().delete(user.id).await.expect("a user can be deleted"));
    transaction.commit().await.expect("a deletion is committed");
    register(&store, &user).await;
    assert_eq!(found(&store, user.id).await, [""; 0]);
    insert(&store, &[grace(user.id)]).await;
    assert_eq!(found(&store, user.id).await, WORDS);
}

async fn only(store: &Store, owner: UserId) -> ContactId {
    list(store, owner, ContactListRequest::default()).await.remove(0).id
}
