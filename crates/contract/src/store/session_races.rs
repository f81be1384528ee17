//! One session, and many at once who refresh or end it: each sees the other's work, or waits for it.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    ids::{SessionId, UserId},
    session::Session,
};

use super::{
    Store,
    steps::{at_once, begin, begin_session, find_current, find_session, registered},
};
use crate::fixtures::{at, session};

pub async fn of_50_rotations_of_one_counter_one_succeeds(store: Store) {
    let user = registered(&store).await.id;
    let session = session(user);
    begin_session(&store, &session).await;
    for counter in 0..2 {
        let rotated = at_once(50, |_| rotate(store.clone(), user, session.id, counter)).await;
        assert_eq!(successes(&rotated), 1);
        let found = find_session(&store, user, session.id).await.unwrap();
        assert_eq!(found.counter, counter + 1);
    }
}

pub async fn of_50_revocations_of_one_session_one_succeeds(store: Store) {
    let user = registered(&store).await.id;
    let session = session(user);
    begin_session(&store, &session).await;
    let revoked = at_once(50, |_| revoke(store.clone(), user, session.id)).await;
    assert_eq!(successes(&revoked), 1);
}

pub async fn a_rotation_at_once_with_a_revocation_wins_or_does_nothing(store: Store) {
    let user = registered(&store).await.id;
    for _ in 0..30 {
        let session = session(user);
        begin_session(&store, &session).await;
        let results = at_once(2, |number| {
            let (store, id) = (store.clone(), session.id);
            async move { if number == 0 { rotate(store, user, id, 0).await } else { revoke(store, user, id).await } }
        })
        .await;
        let [rotated, revoked] = results[..] else { panic!("two results are expected") };
        // A rotation does not keep a session from being revoked, and revives none.
        assert!(revoked);
        let expected = if rotated {
            Session { counter: 1, last_used_at: at(10), expires_at: at(2_000_000), ..session }
        } else {
            session
        };
        let expected = Session { revoked_at: Some(at(20)), ..expected };
        assert_eq!(find_session(&store, user, expected.id).await.as_ref(), Some(&expected));
        assert_eq!(find_current(&store, user, expected.id, at(21)).await, None);
    }
}

pub async fn what_a_lock_has_seen_holds_until_the_transaction_ends(store: Store) {
    let user = registered(&store).await.id;
    for _ in 0..4 {
        let session = session(user);
        begin_session(&store, &session).await;
        let rotated = at_once(32, |number| {
            let (store, id) = (store.clone(), session.id);
            async move {
                if number == 16 {
                    assert!(revoke(store, user, id).await);
                    return false;
                }
                let mut transaction = begin(&store).await;
                let locked = transaction.sessions().lock(user, id).await.unwrap().unwrap();
                let rotation = transaction.sessions().rotate(user, id, locked.counter, at(10), at(2_000_000));
                let rotated = rotation.await.unwrap();
                assert_eq!(rotated, locked.revoked_at.is_none(), "it changed under the lock");
                transaction.commit().await.unwrap();
                rotated
            }
        })
        .await;
        let found = find_session(&store, user, session.id).await.unwrap();
        assert_eq!(found.counter, successes(&rotated) as i64);
    }
}

async fn rotate(store: Store, user: UserId, id: SessionId, counter: i64) -> bool {
    let mut transaction = begin(&store).await;
    let rotated = transaction.sessions().rotate(user, id, counter, at(10), at(2_000_000)).await.unwrap();
    transaction.commit().await.unwrap();
    rotated
}

async fn revoke(store: Store, user: UserId, id: SessionId) -> bool {
    let mut transaction = begin(&store).await;
    let revoked = transaction.sessions().revoke(user, id, at(20)).await.unwrap();
    transaction.commit().await.unwrap();
    revoked
}

fn successes(results: &[bool]) -> usize {
    results.iter().filter(|success| **success).count()
}
