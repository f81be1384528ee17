//! Deleted users: all that was theirs goes with them, and nobody else is hurt.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    Timestamp,
    audit::{AuditEvent, AuditKind},
    contact_query::ContactListRequest,
    creation_quota::Creations,
    ids::{AuditId, UserId},
    user::User,
};

use super::{
    Store,
    steps::{
        advance, at_once, begin, begin_session, count, find, find_current, find_session, find_user, insert, register,
        registered,
    },
};
use crate::fixtures::{at, contact, crowd, session, unique_uuid, user};

pub async fn a_deleted_user_takes_all_that_is_theirs_with_them(store: Store) {
    let user = registered(&store).await;
    let people = crowd(user.id);
    insert(&store, &people).await;
    let session = session(user.id);
    begin_session(&store, &session).await;
    let mut transaction = begin(&store).await;
    let stamp = transaction
        .address_books()
        .advance(user.id, contacts_domain::address_book::Numbers { changes: 1, creations: 1 })
        .await
        .unwrap()
        .unwrap();
    let last = stamp.creations;
    let line = Creations { last, count: 1, at: at(0) };
    transaction.address_books().record_creations(&stamp.book, &line).await.unwrap();
    transaction.commit().await.unwrap();

    assert!(delete(&store, user.id).await);
    assert_eq!(find_user(&store, user.id).await, None);
    assert_eq!(store.read().users().find_by_key(&user.email.account_key()).await.unwrap(), None);
    assert_eq!(find(&store, user.id, people[0].id).await, None);
    assert_eq!(count(&store, user.id, ContactListRequest::default()).await, 0);
    assert_eq!(find_current(&store, user.id, session.id, at(0)).await, None);
    assert_eq!(find_session(&store, user.id, session.id).await, None);
    let mut transaction = begin(&store).await;
    assert_eq!(
        transaction
            .address_books()
            .advance(user.id, contacts_domain::address_book::Numbers { changes: 1, creations: 1 })
            .await
            .unwrap(),
        None
    );
    assert_eq!(transaction.address_books().find_creations(&stamp.book, last).await.unwrap(), None);
    transaction.rollback().await.unwrap();
    // The address and every id are free: nothing is left of them, not even out of sight.
    register(&store, &user).await;
    insert(&store, &people).await;
    begin_session(&store, &session).await;
}

pub async fn a_deleted_user_stays_in_the_audit_log(store: Store) {
    let user = registered(&store).await.id;
    let event = AuditEvent {
        id: AuditId::new(unique_uuid()),
        kind: AuditKind::AccountDeleted,
        user: Some(user),
        session: None,
        caller: None,
        at: at(0),
    };
    let mut transaction = begin(&store).await;
    transaction.audit().record(&event).await.unwrap();
    assert!(transaction.users().delete(user).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(store.read().audit().latest(Some(user), 10).await.unwrap(), [event]);
}

pub async fn a_deletion_takes_nothing_of_anybody_else(store: Store) {
    let (ada, grace) = (registered(&store).await, registered(&store).await);
    let charles = contact().first("Charles").of(grace.id);
    insert(&store, std::slice::from_ref(&charles)).await;
    let session = session(grace.id);
    begin_session(&store, &session).await;
    assert!(delete(&store, ada.id).await);
    assert_eq!(find(&store, grace.id, charles.id).await, Some(charles));
    assert_eq!(find_current(&store, grace.id, session.id, at(0)).await.unwrap().user, grace);
    let mut transaction = begin(&store).await;
    assert_eq!(advance(&mut transaction, grace.id).await.seq, 2);
    transaction.rollback().await.unwrap();
}

pub async fn a_user_is_deleted_once(store: Store) {
    let user = registered(&store).await.id;
    assert!(!delete(&store, UserId::new(unique_uuid())).await);
    let deleted = at_once(32, |_| {
        let store = store.clone();
        async move { delete(&store, user).await }
    })
    .await;
    assert_eq!(deleted.into_iter().filter(|deleted| *deleted).count(), 1);
}

pub async fn a_deletion_that_was_undone_did_not_happen(store: Store) {
    let user = registered(&store).await;
    let ada = contact().first("Ada").of(user.id);
    insert(&store, std::slice::from_ref(&ada)).await;
    let mut transaction = begin(&store).await;
    assert!(transaction.users().delete(user.id).await.unwrap());
    transaction.rollback().await.unwrap();
    assert_eq!(find(&store, user.id, ada.id).await, Some(ada));
    assert_eq!(find_user(&store, user.id).await, Some(user));
}

pub async fn a_deletion_amid_writes_of_contacts_fails_nobody(store: Store) {
    for _ in 0..8 {
        let owner = registered(&store).await.id;
        at_once(24, |number| {
            let store = store.clone();
            async move {
                if number == 4 {
                    assert!(delete(&store, owner).await);
                    return;
                }
                let mut transaction = begin(&store).await;
                // Either the book is there, and the contact goes into it; or there is no account any more.
                if let Some(stamp) = transaction
                    .address_books()
                    .advance(owner, contacts_domain::address_book::Numbers { changes: 1, creations: 1 })
                    .await
                    .unwrap()
                {
                    let contact = contact().first("Ada").of(owner);
                    transaction.contacts().insert(&contact, &stamp.last()).await.unwrap();
                }
                transaction.commit().await.unwrap();
            }
        })
        .await;
        assert_eq!(count(&store, owner, ContactListRequest::default()).await, 0);
    }
}

pub async fn unused_users_are_deleted_and_all_others_spared(store: Store) {
    let unused = [since(&store, at(3)).await, since(&store, at(4)).await];
    let young = since(&store, at(5)).await;
    let verified = User { email_verified: true, created_at: at(1), ..user() };
    register(&store, &verified).await;
    let active = since(&store, at(1)).await;
    log_in(&store, active.id).await;

    let mut deleted = delete_unused(&store, at(5), 100).await;
    deleted.sort_unstable();
    let mut expected = unused.map(|user| user.id);
    expected.sort_unstable();
    assert_eq!(deleted, expected);
    for id in expected {
        assert_eq!(find_user(&store, id).await, None);
        let mut transaction = begin(&store).await;
        assert_eq!(
            transaction
                .address_books()
                .advance(id, contacts_domain::address_book::Numbers { changes: 1, creations: 1 })
                .await
                .unwrap(),
            None
        );
        transaction.rollback().await.unwrap();
    }
    for spared in [young, verified, active] {
        assert_eq!(find_user(&store, spared.id).await, Some(spared));
    }
    assert_eq!(delete_unused(&store, at(5), 100).await, []);
}

pub async fn unused_users_are_deleted_in_bounded_steps(store: Store) {
    let mut left = Vec::new();
    for time in 0..5 {
        left.push(since(&store, at(time)).await.id);
    }
    assert_eq!(delete_unused(&store, at(5), 0).await, []);
    for expected in [2, 2, 1, 0] {
        let deleted = delete_unused(&store, at(5), 2).await;
        assert_eq!(deleted.len(), expected);
        left.retain(|id| !deleted.contains(id));
    }
    assert_eq!(left, []);
}

pub async fn somebody_who_logs_in_at_last_is_spared(store: Store) {
    for _ in 0..8 {
        let user = since(&store, at(1)).await;
        let mut login = begin(&store).await;
        login.users().record_login(user.id, at(2)).await.unwrap();
        let purge = tokio::spawn({
            let store = store.clone();
            async move { delete_unused(&store, at(5), 100).await }
        });
        // The purge chooses while the login goes on, and waits for it.
        for _ in 0..32 {
            login.sessions().insert(&session(user.id)).await.unwrap();
        }
        login.commit().await.unwrap();
        assert_eq!(purge.await.unwrap(), []);
        assert_eq!(find_user(&store, user.id).await, Some(user));
    }
}

/// Registers a user at this time, who never does anything.
async fn since(store: &Store, created_at: Timestamp) -> User {
    let user = User { created_at, ..user() };
    register(store, &user).await;
    user
}

async fn log_in(store: &Store, id: UserId) {
    let mut transaction = begin(store).await;
    transaction.users().record_login(id, at(2)).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn delete(store: &Store, id: UserId) -> bool {
    let mut transaction = begin(store).await;
    let deleted = transaction.users().delete(id).await.unwrap();
    transaction.commit().await.unwrap();
    deleted
}

async fn delete_unused(store: &Store, before: Timestamp, limit: u32) -> Vec<UserId> {
    let mut transaction = begin(store).await;
    let deleted = transaction.users().delete_unused(before, limit).await.unwrap();
    transaction.commit().await.unwrap();
    deleted
}
