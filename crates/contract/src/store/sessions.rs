//! Sessions: alive until they are revoked or expire, and for their user alone.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::cmp::Reverse;

use contacts_domain::{
    ids::{SessionId, UserId},
    ports::UniqueKey,
    session::{CurrentUser, Session},
};

use super::{
    Store,
    steps::{assert_conflict, begin, begin_session, find_current, find_session, register, registered},
};
use crate::fixtures::{at, session, unique_uuid, unusual_sessions, unusual_users};

pub async fn a_session_comes_back_with_every_field(store: Store) {
    let user = registered(&store).await.id;
    let revoked = Session { revoked_at: Some(at(3)), ..session(user) };
    for session in unusual_sessions(user).into_iter().chain([revoked]) {
        begin_session(&store, &session).await;
        assert_eq!(find_session(&store, user, session.id).await, Some(session));
    }
}

pub async fn the_id_of_a_session_is_taken_once(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let first = session(ada);
    begin_session(&store, &first).await;
    let mut transaction = begin(&store).await;
    let second = Session { id: first.id, ..session(grace) };
    assert_conflict(transaction.sessions().insert(&second).await, UniqueKey::Id);
    transaction.rollback().await.unwrap();
    assert_eq!(find_session(&store, ada, first.id).await, Some(first));
}

pub async fn the_user_of_a_session_is_found_with_every_field(store: Store) {
    for user in unusual_users() {
        register(&store, &user).await;
        // Several sessions of one user are no several users.
        begin_session(&store, &session(user.id)).await;
        let session = session(user.id);
        begin_session(&store, &session).await;
        let found = find_current(&store, user.id, session.id, at(999_999)).await;
        assert_eq!(found, Some(CurrentUser { user, session: session.id }));
    }
}

pub async fn nobody_is_behind_a_session_of_somebody_else_or_none(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let (hers, of_grace) = (session(ada), session(grace));
    begin_session(&store, &hers).await;
    begin_session(&store, &of_grace).await;
    let unknown = unique_uuid();
    for (user, session) in [
        (ada, of_grace.id),
        (grace, hers.id),
        (UserId::new(unknown), hers.id),
        (ada, SessionId::new(unknown)),
        (ada, SessionId::new(ada.uuid())),
    ] {
        assert_eq!(find_current(&store, user, session, at(0)).await, None);
        assert_eq!(find_session(&store, user, session).await, None);
    }
}

pub async fn a_revoked_expired_or_foreign_session_is_neither_found_nor_rotated_nor_revoked(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let revoked = Session { revoked_at: Some(at(3)), ..session(ada) };
    // What expires now has expired.
    let expired = Session { expires_at: at(5), ..session(ada) };
    let foreign = session(grace);
    for session in [revoked, expired, foreign] {
        begin_session(&store, &session).await;
        assert_eq!(find_current(&store, ada, session.id, at(5)).await, None);
        assert_eq!(store.read().sessions().list(ada, at(5)).await.unwrap(), []);
        let mut transaction = begin(&store).await;
        assert!(!transaction.sessions().rotate(ada, session.id, 0, at(5), at(900)).await.unwrap());
        assert!(!transaction.sessions().revoke(ada, session.id, at(5)).await.unwrap());
        assert_eq!(transaction.sessions().revoke_all(ada, None, at(5)).await.unwrap(), 0);
        transaction.commit().await.unwrap();
        assert_eq!(find_session(&store, session.user, session.id).await, Some(session), "it changed");
    }
}

pub async fn a_session_is_alive_until_the_microsecond_it_expires(store: Store) {
    let user = registered(&store).await;
    let session = Session { expires_at: at(5), ..session(user.id) };
    begin_session(&store, &session).await;
    assert!(find_current(&store, user.id, session.id, at(4)).await.is_some());
    assert_eq!(store.read().sessions().list(user.id, at(4)).await.unwrap(), std::slice::from_ref(&session));
    let mut transaction = begin(&store).await;
    assert!(transaction.sessions().rotate(user.id, session.id, 0, at(4), at(5)).await.unwrap());
    assert!(transaction.sessions().revoke(user.id, session.id, at(4)).await.unwrap());
    transaction.rollback().await.unwrap();
}

pub async fn sessions_are_listed_by_their_last_use_then_by_id(store: Store) {
    let user = registered(&store).await.id;
    let mut sessions = unusual_sessions(user);
    sessions.extend((0..8).map(|_| Session { last_used_at: at(50), ..session(user) }));
    for session in &sessions {
        begin_session(&store, session).await;
    }
    sessions.sort_by_key(|session| (Reverse(session.last_used_at), session.id));
    assert_eq!(store.read().sessions().list(user, at(0)).await.unwrap(), sessions);
}

pub async fn a_rotation_counts_and_moves_the_expiry(store: Store) {
    let user = registered(&store).await.id;
    let (session, bystander) = (session(user), session(user));
    begin_session(&store, &session).await;
    begin_session(&store, &bystander).await;
    for counter in 0..3 {
        let (now, expires_at) = (at(10 + counter), at(2_000_000 + counter));
        let mut transaction = begin(&store).await;
        assert!(transaction.sessions().rotate(user, session.id, counter, now, expires_at).await.unwrap());
        transaction.commit().await.unwrap();
        let expected = Session { counter: counter + 1, last_used_at: now, expires_at, ..session.clone() };
        assert_eq!(find_session(&store, user, session.id).await, Some(expected));
    }
    assert_eq!(find_session(&store, user, bystander.id).await, Some(bystander), "another session changed");
}

pub async fn a_rotation_of_another_counter_does_nothing(store: Store) {
    let user = registered(&store).await.id;
    let session = Session { counter: 7, ..session(user) };
    begin_session(&store, &session).await;
    for counter in [6, 8, 0, -1, i64::MIN, i64::MAX] {
        let mut transaction = begin(&store).await;
        assert!(!transaction.sessions().rotate(user, session.id, counter, at(1), at(900)).await.unwrap());
        transaction.commit().await.unwrap();
    }
    assert_eq!(find_session(&store, user, session.id).await, Some(session));
}

pub async fn a_rotation_that_was_undone_did_not_happen(store: Store) {
    let user = registered(&store).await.id;
    let session = session(user);
    begin_session(&store, &session).await;
    let mut transaction = begin(&store).await;
    assert!(transaction.sessions().rotate(user, session.id, 0, at(1), at(900)).await.unwrap());
    assert!(transaction.sessions().revoke(user, session.id, at(2)).await.unwrap());
    transaction.rollback().await.unwrap();
    assert_eq!(find_session(&store, user, session.id).await, Some(session));
}

pub async fn a_session_is_revoked_once(store: Store) {
    let user = registered(&store).await.id;
    let (session, other) = (session(user), session(user));
    begin_session(&store, &session).await;
    begin_session(&store, &other).await;
    for (now, expected) in [(at(3), true), (at(4), false)] {
        let mut transaction = begin(&store).await;
        assert_eq!(transaction.sessions().revoke(user, session.id, now).await.unwrap(), expected);
        transaction.commit().await.unwrap();
    }
    let expected = Session { revoked_at: Some(at(3)), ..session };
    assert_eq!(find_session(&store, user, expected.id).await, Some(expected));
    assert_eq!(store.read().sessions().list(user, at(3)).await.unwrap(), [other]);
}

pub async fn all_sessions_but_one_are_revoked(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let of_grace = session(grace);
    let long_revoked = Session { revoked_at: Some(at(1)), ..session(ada) };
    let expired = Session { expires_at: at(5), ..session(ada) };
    let [kept, first, second] = [session(ada), session(ada), session(ada)];
    for session in [&of_grace, &long_revoked, &expired, &kept, &first, &second] {
        begin_session(&store, session).await;
    }
    let mut transaction = begin(&store).await;
    assert_eq!(transaction.sessions().revoke_all(ada, Some(kept.id), at(5)).await.unwrap(), 2);
    transaction.commit().await.unwrap();
    assert_eq!(store.read().sessions().list(ada, at(5)).await.unwrap(), std::slice::from_ref(&kept));
    for session in [first, second] {
        let expected = Session { revoked_at: Some(at(5)), ..session };
        assert_eq!(find_session(&store, ada, expected.id).await, Some(expected));
    }
    for session in [long_revoked, expired, kept.clone()] {
        assert_eq!(find_session(&store, ada, session.id).await, Some(session));
    }
    // Somebody else's session spares none.
    let mut transaction = begin(&store).await;
    assert_eq!(transaction.sessions().revoke_all(ada, Some(of_grace.id), at(6)).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    assert_eq!(find_current(&store, ada, kept.id, at(6)).await, None);
    assert_eq!(store.read().sessions().list(grace, at(6)).await.unwrap(), [of_grace]);
}

pub async fn all_sessions_are_revoked(store: Store) {
    let user = registered(&store).await.id;
    for session in unusual_sessions(user) {
        begin_session(&store, &session).await;
    }
    for expected in [3, 0] {
        let mut transaction = begin(&store).await;
        assert_eq!(transaction.sessions().revoke_all(user, None, at(0)).await.unwrap(), expected);
        transaction.commit().await.unwrap();
    }
    assert_eq!(store.read().sessions().list(user, at(0)).await.unwrap(), []);
}

pub async fn sessions_are_purged_that_ended_before(store: Store) {
    let user = registered(&store).await.id;
    let revoked = |time| Session { revoked_at: Some(at(time)), ..session(user) };
    let expired = |time| Session { expires_at: at(time), ..session(user) };
    let gone = [revoked(4), expired(4), Session { revoked_at: Some(at(9)), ..expired(4) }];
    let kept = [revoked(5), expired(5), session(user)];
    for session in gone.iter().chain(&kept) {
        begin_session(&store, session).await;
    }
    for expected in [3, 0] {
        let mut transaction = begin(&store).await;
        assert_eq!(transaction.sessions().purge(at(5)).await.unwrap(), expected);
        transaction.commit().await.unwrap();
    }
    for session in gone {
        assert_eq!(find_session(&store, user, session.id).await, None);
    }
    for session in kept {
        assert_eq!(find_session(&store, user, session.id).await, Some(session));
    }
}
