//! Many attempts at one request at once: it happens once, and nobody fails for another's sake.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{contact_query::ContactListRequest, idempotency::Reserved};

use super::{
    Store,
    idempotency::{LEASE, again, answer, delete_user, reservation, reserve},
    steps::{advance, at_once, begin, count, registered},
};
use crate::fixtures::{at, contact};

const AT_ONCE: usize = 20;

pub async fn of_20_reservations_at_once_one_succeeds(store: Store) {
    let first = reservation(registered(&store).await.id);
    let results = at_once(AT_ONCE, |_| {
        let (store, attempt) = (store.clone(), again(&first, 0));
        async move { reserve(&store, &attempt).await }
    })
    .await;
    let in_flight = Some(Reserved::InFlight { until: at(LEASE) });
    assert_eq!(results.iter().filter(|result| **result == Some(Reserved::Ours)).count(), 1, "{results:?}");
    assert_eq!(results.iter().filter(|result| **result == in_flight).count(), AT_ONCE - 1, "{results:?}");
}

pub async fn of_20_that_replace_a_lease_at_once_one_succeeds(store: Store) {
    let first = reservation(registered(&store).await.id);
    assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
    let results = at_once(AT_ONCE, |_| {
        let (store, attempt) = (store.clone(), again(&first, LEASE));
        async move { reserve(&store, &attempt).await }
    })
    .await;
    let in_flight = Some(Reserved::InFlight { until: at(2 * LEASE) });
    assert_eq!(results.iter().filter(|result| **result == Some(Reserved::Ours)).count(), 1, "{results:?}");
    assert_eq!(results.iter().filter(|result| **result == in_flight).count(), AT_ONCE - 1, "{results:?}");
}

pub async fn however_often_a_lease_is_replaced_the_request_happens_once(store: Store) {
    for _ in 0..4 {
        let owner = registered(&store).await.id;
        let first = reservation(owner);
        let results = at_once(AT_ONCE, |number| {
            // Each comes when the lease of the one before is over, which is still at work.
            let (store, attempt) = (store.clone(), again(&first, number as i64 * LEASE));
            async move {
                match reserve(&store, &attempt).await {
                    Some(Reserved::Ours) => {}
                    other => return other,
                }
                let mut transaction = begin(&store).await;
                let stamp = advance(&mut transaction, owner).await;
                transaction.contacts().insert(&contact().first("Ada").of(owner), &stamp).await.unwrap();
                if transaction.idempotency().keep(&attempt, &answer()).await.unwrap() {
                    transaction.commit().await.unwrap();
                    Some(Reserved::Ours)
                } else {
                    transaction.rollback().await.unwrap();
                    None
                }
            }
        })
        .await;
        assert_eq!(results.iter().filter(|result| **result == Some(Reserved::Ours)).count(), 1, "{results:?}");
        assert_eq!(count(&store, owner, ContactListRequest::default()).await, 1);
        assert_eq!(reserve(&store, &again(&first, 0)).await, Some(Reserved::Answered(answer())));
    }
}

pub async fn whoever_waits_for_an_answer_gets_it(store: Store) {
    let first = reservation(registered(&store).await.id);
    assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
    let mut transaction = begin(&store).await;
    assert!(transaction.idempotency().keep(&first, &answer()).await.unwrap());
    let waiting = tokio::spawn({
        let (store, attempt) = (store.clone(), again(&first, LEASE));
        async move { reserve(&store, &attempt).await }
    });
    transaction.commit().await.unwrap();
    assert_eq!(waiting.await.unwrap(), Some(Reserved::Answered(answer())));
}

pub async fn reservations_amid_the_deletion_of_their_user_fail_nobody(store: Store) {
    for _ in 0..8 {
        let user = registered(&store).await.id;
        let shared = reservation(user);
        at_once(24, |number| {
            // Some try the same request, some each their own.
            let attempt = if number % 2 == 0 { again(&shared, 0) } else { reservation(user) };
            let store = store.clone();
            async move {
                if number == 4 {
                    delete_user(&store, user).await;
                } else if reserve(&store, &attempt).await == Some(Reserved::Ours) {
                    let mut transaction = begin(&store).await;
                    transaction.idempotency().keep(&attempt, &answer()).await.unwrap();
                    transaction.commit().await.unwrap();
                }
            }
        })
        .await;
        assert_eq!(reserve(&store, &shared).await, None);
    }
}
