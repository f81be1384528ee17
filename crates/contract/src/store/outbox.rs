//! Mails that wait: each is claimed by one worker at a time, and none is lost.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::{collections::BTreeSet, time::Duration};

use contacts_domain::{
    Timestamp,
    ids::{LeaseId, MailId},
    mail::{ClaimedMail, MailOrder},
    ports::UnitOfWork,
};

use super::{
    Store,
    steps::{at_once, begin},
};
use crate::fixtures::{at, every_mail, lease, mail_at, unique_uuid};

/// How long the leases of the cases are.
pub(super) const LEASE_TIME: Duration = Duration::from_secs(60);
/// Before any lease is over that was given at [`NOON`].
pub(super) const SOON: i64 = NOON + 59_999_999;
/// When the leases are over that were given at [`NOON`].
pub(super) const LATER: i64 = NOON + 60_000_000;
/// When the cases claim, in the microseconds of [`at`]. Whatever they order is due by then.
pub(super) const NOON: i64 = 10_000_000;

pub async fn every_subject_comes_back_as_ordered(store: Store) {
    let orders = every_mail();
    order(&store, &orders).await;
    let lease = lease();
    let claimed = claim(&store, lease, NOON).await;
    let expected = orders.into_iter().map(|order| ClaimedMail { order, lease, attempts: 0 });
    assert_eq!(claimed, expected.collect::<Vec<_>>());
}

pub async fn a_mail_that_was_rolled_back_is_never_claimed(store: Store) {
    let mut transaction = begin(&store).await;
    transaction.outbox().order(&mail_at(at(0))).await.unwrap();
    transaction.rollback().await.unwrap();
    assert!(!has_due(&store, NOON).await);
    let committed = ordered(&store).await;
    assert_eq!(ids(&claim(&store, lease(), NOON).await), [committed]);
}

pub async fn the_oldest_mails_are_claimed_first(store: Store) {
    // Ids in no order, so that an order by id is not mistaken for one by time.
    let orders: Vec<MailOrder> = (0..30).map(|number| mail_at(at(number))).collect();
    let shuffled: Vec<MailOrder> = (0..30).map(|number| orders[number * 7 % 30].clone()).collect();
    order(&store, &shuffled).await;
    let mut claimed = Vec::new();
    for size in [1, 0, 10, 3, 100] {
        let some = claim_some(&store, lease(), at(NOON), size).await;
        assert!(some.len() <= usize::try_from(size).unwrap(), "{} instead of {size}", some.len());
        claimed.extend(ids(&some));
    }
    assert_eq!(claimed, orders.iter().map(|order| order.id).collect::<Vec<_>>());
}

pub async fn a_mail_is_not_claimed_before_it_is_due(store: Store) {
    order(&store, &[mail_at(at(NOON))]).await;
    assert!(!has_due(&store, NOON - 1).await);
    assert_eq!(claim(&store, lease(), NOON - 1).await, []);
    assert!(has_due(&store, NOON).await);
    assert_eq!(claim(&store, lease(), NOON).await.len(), 1);
}

pub async fn a_claimed_mail_is_another_workers_once_its_lease_is_over(store: Store) {
    let id = ordered(&store).await;
    assert_eq!(ids(&claim(&store, lease(), NOON).await), [id]);
    for time in [NOON, SOON] {
        assert!(!has_due(&store, time).await);
        assert_eq!(claim(&store, lease(), time).await, []);
    }
    assert!(has_due(&store, LATER).await);
    let second = lease();
    let claimed = claim(&store, second, LATER).await;
    assert_eq!(ids(&claimed), [id]);
    assert_eq!(claimed[0].lease, second);
    assert!(!has_due(&store, LATER).await);
}

pub async fn a_lease_that_ran_out_counts_as_an_attempt(store: Store) {
    ordered(&store).await;
    for expected in 0..4 {
        let claimed = claim(&store, lease(), NOON + i64::from(expected) * 60_000_000).await;
        assert_eq!(claimed.iter().map(|mail| mail.attempts).collect::<Vec<_>>(), [expected]);
    }
}

pub async fn a_claim_that_was_undone_holds_nothing(store: Store) {
    let id = ordered(&store).await;
    let undone = lease();
    let mut transaction = begin(&store).await;
    let claimed = transaction.outbox().claim(undone, at(NOON), LEASE_TIME, 1).await.unwrap();
    assert_eq!(ids(&claimed), [id]);
    transaction.rollback().await.unwrap();
    let claimed = claim(&store, lease(), NOON).await;
    assert_eq!(ids(&claimed), [id]);
    assert_eq!(claimed[0].attempts, 0);
    let mut transaction = begin(&store).await;
    assert!(!transaction.outbox().settle(id, undone).await.unwrap());
    transaction.rollback().await.unwrap();
}

pub async fn of_8_claimers_at_once_each_mail_goes_to_one(store: Store) {
    let orders: Vec<MailOrder> = (0..100).map(|number| mail_at(at(number))).collect();
    order(&store, &orders).await;
    let claimed = at_once(8, |_| {
        let store = store.clone();
        async move {
            let mut mine = Vec::new();
            loop {
                let lease = lease();
                let some = claim_some(&store, lease, at(NOON), 3).await;
                assert!(some.len() <= 3, "{} mails instead of 3", some.len());
                assert!(some.iter().all(|mail| mail.lease == lease));
                // Nothing is left, or the others have the rest in their hands just now.
                if some.is_empty() {
                    return mine;
                }
                mine.extend(ids(&some));
            }
        }
    })
    .await;
    let claimed: Vec<MailId> = claimed.into_iter().flatten().collect();
    let distinct: BTreeSet<MailId> = claimed.iter().copied().collect();
    assert_eq!(claimed.len(), distinct.len(), "a mail was claimed twice");
    assert_eq!(distinct, orders.iter().map(|order| order.id).collect());
    assert!(!has_due(&store, NOON).await);
}

pub async fn a_mail_is_settled_by_its_holder_or_claimed_by_another(store: Store) {
    for _ in 0..8 {
        let id = ordered(&store).await;
        let holder = lease();
        assert_eq!(ids(&claim(&store, holder, NOON).await), [id]);
        let done = at_once(4, |number| {
            let store = store.clone();
            async move {
                // The first one comes back when its lease is over, and the others are after the mail.
                if number > 0 {
                    return !claim(&store, lease(), LATER).await.is_empty();
                }
                let mut transaction = begin(&store).await;
                let settled = transaction.outbox().settle(id, holder).await.unwrap();
                transaction.commit().await.unwrap();
                settled
            }
        })
        .await;
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
    }
}

pub async fn nothing_is_due_where_there_is_nothing(store: Store) {
    assert!(!has_due(&store, NOON).await);
    assert_eq!(claim(&store, lease(), NOON).await, []);
    let mut transaction = begin(&store).await;
    assert!(!transaction.outbox().settle(MailId::new(unique_uuid()), lease()).await.unwrap());
    transaction.rollback().await.unwrap();
}

/// Orders mails in one transaction.
pub(super) async fn order(store: &Store, orders: &[MailOrder]) {
    let mut transaction = begin(store).await;
    for order in orders {
        transaction.outbox().order(order).await.expect("a mail is ordered");
    }
    transaction.commit().await.expect("an order is committed");
}

/// Orders a mail of which nothing matters.
pub(super) async fn ordered(store: &Store) -> MailId {
    let mail = mail_at(at(0));
    order(store, std::slice::from_ref(&mail)).await;
    mail.id
}

/// Claims whatever there is.
pub(super) async fn claim(store: &Store, lease: LeaseId, microseconds: i64) -> Vec<ClaimedMail> {
    claim_some(store, lease, at(microseconds), 1000).await
}

async fn claim_some(store: &Store, lease: LeaseId, now: Timestamp, limit: u32) -> Vec<ClaimedMail> {
    let mut transaction: Box<dyn UnitOfWork> = begin(store).await;
    let claimed = transaction.outbox().claim(lease, now, LEASE_TIME, limit).await.expect("mails can be claimed");
    transaction.commit().await.expect("a claim is committed");
    claimed
}

pub(super) async fn has_due(store: &Store, microseconds: i64) -> bool {
    store.read().outbox().has_due(at(microseconds)).await.expect("the outbox can be read")
}

pub(super) fn ids(mails: &[ClaimedMail]) -> Vec<MailId> {
    mails.iter().map(|mail| mail.order.id).collect()
}
