//! What becomes of a mail that was claimed: only who holds it decides.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    ids::{LeaseId, MailId},
    mail::{Backlog, ClaimedMail, DeadMail},
    ports::UnitOfWork,
};

use super::{
    Store,
    outbox::{LATER, NOON, claim, has_due, ids, order, ordered},
    steps::begin,
};
use crate::fixtures::{at, every_mail, lease, unique_uuid};

pub async fn a_settled_mail_is_gone(store: Store) {
    let mail = claimed(&store).await;
    let other = ordered(&store).await;
    let mut transaction = begin(&store).await;
    assert!(transaction.outbox().settle(mail.order.id, mail.lease).await.unwrap());
    assert!(!transaction.outbox().settle(mail.order.id, mail.lease).await.unwrap(), "it was settled twice");
    transaction.commit().await.unwrap();
    assert_eq!(ids(&claim(&store, lease(), LATER).await), [other]);
}

pub async fn a_postponed_mail_is_due_at_its_time(store: Store) {
    let mut mail = claimed(&store).await;
    for attempts in 1..4 {
        let due = NOON + i64::from(attempts) * 1_000_000;
        let mut transaction = begin(&store).await;
        let postponed = transaction.outbox().postpone(mail.order.id, mail.lease, at(due), "nobody answers").await;
        assert!(postponed.unwrap());
        transaction.commit().await.unwrap();
        assert!(!has_due(&store, due - 1).await);
        assert_eq!(claim(&store, lease(), due - 1).await, []);
        // The attempt was counted once, and its lease not once more.
        let second = lease();
        let expected = ClaimedMail { lease: second, attempts, ..mail };
        assert!(has_due(&store, due).await);
        assert_eq!(claim(&store, second, due).await, std::slice::from_ref(&expected));
        mail = expected;
    }
}

pub async fn a_buried_mail_is_listed_and_not_claimed(store: Store) {
    let mail = claimed(&store).await;
    assert_eq!(dead(&store, 10).await, []);
    bury(&store, &mail, NOON + 1, "550 no such user").await;
    let expected =
        DeadMail { order: mail.order, attempts: 1, buried_at: at(NOON + 1), reason: "550 no such user".to_owned() };
    assert_eq!(dead(&store, 10).await, [expected]);
    for time in [NOON, LATER, NOON + 1_000_000_000_000] {
        assert!(!has_due(&store, time).await);
        assert_eq!(claim(&store, lease(), time).await, []);
    }
}

pub async fn the_backlog_is_what_waits_and_what_was_given_up(store: Store) {
    assert_eq!(backlog(&store).await, Backlog::default());
    let mails = every_mail();
    order(&store, &mails).await;
    let oldest = mails.iter().map(|mail| mail.created_at).min();
    let waiting = mails.len() as u64;
    assert_eq!(backlog(&store).await, Backlog { waiting, oldest, given_up: 0 });
    // Who is sending a mail has not sent it yet.
    let mut claimed = claim(&store, lease(), NOON).await;
    assert_eq!(backlog(&store).await, Backlog { waiting, oldest, given_up: 0 });
    let first = claimed.swap_remove(0);
    bury(&store, &first, NOON + 1, "550 no such user").await;
    let oldest = mails.iter().filter(|mail| mail.id != first.order.id).map(|mail| mail.created_at).min();
    assert_eq!(backlog(&store).await, Backlog { waiting: waiting - 1, oldest, given_up: 1 });
}

async fn backlog(store: &Store) -> Backlog {
    store.read().outbox().backlog().await.unwrap()
}

pub async fn buried_mails_are_listed_as_ordered_the_oldest_first(store: Store) {
    order(&store, &every_mail()).await;
    let mut mails = claim(&store, lease(), NOON).await;
    // The last to be ordered is the first to be given up.
    mails.reverse();
    for (time, mail) in (NOON..).zip(&mails) {
        bury(&store, mail, time, "").await;
    }
    let orders: Vec<_> = dead(&store, 1000).await.into_iter().map(|dead| dead.order).collect();
    assert_eq!(orders, mails.iter().map(|mail| mail.order.clone()).collect::<Vec<_>>());
    let first: Vec<_> = dead(&store, 2).await.into_iter().map(|dead| dead.order).collect();
    assert_eq!(first, orders[..2]);
}

pub async fn a_former_lease_decides_nothing(store: Store) {
    let mail = claimed(&store).await;
    let (id, current) = (mail.order.id, lease());
    assert_eq!(ids(&claim(&store, current, LATER).await), [id]);
    for stranger in [mail.lease, lease()] {
        let mut transaction = begin(&store).await;
        let outbox = transaction.outbox();
        assert!(!outbox.settle(id, stranger).await.unwrap());
        assert!(!outbox.postpone(id, stranger, at(0), "").await.unwrap());
        assert!(!outbox.bury(id, stranger, at(0), "").await.unwrap());
        outbox.release(stranger).await.unwrap();
        transaction.commit().await.unwrap();
    }
    assert!(!has_due(&store, LATER).await, "the mail was let go");
    assert_eq!(dead(&store, 10).await, []);
    let mut transaction = begin(&store).await;
    assert!(transaction.outbox().settle(id, current).await.unwrap());
    transaction.commit().await.unwrap();
}

pub async fn a_released_mail_is_due_at_once_with_no_attempt_counted(store: Store) {
    order(&store, &every_mail()).await;
    let mails = claim(&store, lease(), NOON).await;
    let other = claimed(&store).await;
    release(&store, mails[0].lease).await;
    assert!(has_due(&store, NOON).await);
    let second = lease();
    let expected = mails.into_iter().map(|mail| ClaimedMail { lease: second, ..mail });
    assert_eq!(claim(&store, second, NOON).await, expected.collect::<Vec<_>>());
    // What somebody else holds was left alone.
    let mut transaction = begin(&store).await;
    assert!(transaction.outbox().settle(other.order.id, other.lease).await.unwrap());
    transaction.rollback().await.unwrap();
}

pub async fn a_requeued_mail_begins_anew(store: Store) {
    let [first, second] = [claimed(&store).await, claimed(&store).await];
    for mail in [&first, &second] {
        bury(&store, mail, NOON, "refused").await;
    }
    assert!(requeue(&store, first.order.id).await);
    assert!(!requeue(&store, first.order.id).await, "it is no longer given up");
    let orders: Vec<_> = dead(&store, 10).await.into_iter().map(|dead| dead.order).collect();
    assert_eq!(orders, [second.order], "another mail came back");
    assert!(!has_due(&store, LATER - 1).await);
    let lease = lease();
    let expected = ClaimedMail { lease, ..first };
    assert_eq!(claim(&store, lease, LATER).await, [expected], "as a mail that was never tried");
}

pub async fn only_what_was_given_up_is_requeued(store: Store) {
    let mail = claimed(&store).await;
    assert!(!requeue(&store, mail.order.id).await);
    assert!(!requeue(&store, MailId::new(unique_uuid())).await);
    assert_eq!(requeue_all(&store).await, 0);
    let mut transaction = begin(&store).await;
    assert!(transaction.outbox().settle(mail.order.id, mail.lease).await.unwrap(), "the holder lost the mail");
    transaction.rollback().await.unwrap();
}

pub async fn all_that_was_given_up_is_requeued_at_once(store: Store) {
    order(&store, &every_mail()).await;
    let mails = claim(&store, lease(), NOON).await;
    for mail in &mails {
        bury(&store, mail, NOON, "refused").await;
    }
    let held = claimed(&store).await;
    assert_eq!(requeue_all(&store).await, mails.len() as u64);
    assert_eq!(dead(&store, 10).await, []);
    let mut requeued = ids(&claim(&store, lease(), LATER).await);
    // The lease of the other one is over by then, too.
    requeued.retain(|id| *id != held.order.id);
    requeued.sort_unstable();
    let mut expected = ids(&mails);
    expected.sort_unstable();
    assert_eq!(requeued, expected);
}

pub async fn a_reason_may_hold_any_character(store: Store) {
    let mail = claimed(&store).await;
    bury(&store, &mail, NOON, "it's \"4.7.1\" \\ %_ ż 🧮 \u{1} \0 end").await;
    let dead = dead(&store, 10).await;
    // There are databases that know no NUL: it may come back as something else.
    assert!(dead[0].reason.starts_with("it's \"4.7.1\" \\ %_ ż 🧮 \u{1} "), "{:?}", dead[0].reason);
    assert!(dead[0].reason.ends_with(" end"), "{:?}", dead[0].reason);
}

pub async fn mails_are_purged_that_were_given_up_before(store: Store) {
    order(&store, &every_mail()).await;
    let mails = claim(&store, lease(), NOON).await;
    // What waits and what somebody works on stays, however old it is.
    let [waiting, held, buried @ ..] = mails.as_slice() else { panic!("too few mails") };
    let mut transaction = begin(&store).await;
    assert!(transaction.outbox().postpone(waiting.order.id, waiting.lease, at(LATER), "busy").await.unwrap());
    transaction.commit().await.unwrap();
    for (time, mail) in (NOON..).zip(buried) {
        bury(&store, mail, time, "refused").await;
    }
    // All but the last, which was given up at that very time.
    let end = NOON + buried.len() as i64 - 1;
    let mut undone = begin(&store).await;
    assert_eq!(undone.outbox().purge(at(end + 1)).await.unwrap(), buried.len() as u64);
    undone.rollback().await.unwrap();
    for expected in [buried.len() as u64 - 1, 0] {
        let mut transaction = begin(&store).await;
        assert_eq!(transaction.outbox().purge(at(end)).await.unwrap(), expected);
        transaction.commit().await.unwrap();
    }
    let left: Vec<_> = dead(&store, 10).await.into_iter().map(|dead| dead.order).collect();
    assert_eq!(left, [buried[buried.len() - 1].order.clone()]);
    let mut alive = ids(&claim(&store, lease(), LATER).await);
    alive.sort_unstable();
    let mut expected = [waiting.order.id, held.order.id];
    expected.sort_unstable();
    assert_eq!(alive, expected);
}

/// Orders a mail and claims it at noon.
async fn claimed(store: &Store) -> ClaimedMail {
    let id = ordered(store).await;
    let mut claimed = claim(store, lease(), NOON).await;
    assert_eq!(ids(&claimed), [id], "somebody else's mail was due");
    claimed.remove(0)
}

async fn bury(store: &Store, mail: &ClaimedMail, microseconds: i64, reason: &str) {
    let mut transaction: Box<dyn UnitOfWork> = begin(store).await;
    let buried = transaction.outbox().bury(mail.order.id, mail.lease, at(microseconds), reason).await;
    assert!(buried.expect("a mail can be buried"), "the mail is not held");
    transaction.commit().await.expect("a burial is committed");
}

async fn release(store: &Store, lease: LeaseId) {
    let mut transaction = begin(store).await;
    transaction.outbox().release(lease).await.expect("mails can be released");
    transaction.commit().await.expect("a release is committed");
}

async fn requeue(store: &Store, id: MailId) -> bool {
    let mut transaction = begin(store).await;
    let requeued = transaction.outbox().requeue(id, at(LATER)).await.expect("a mail can be requeued");
    transaction.commit().await.expect("a requeueing is committed");
    requeued
}

async fn requeue_all(store: &Store) -> u64 {
    let mut transaction = begin(store).await;
    let requeued = transaction.outbox().requeue_all(at(LATER)).await.expect("mails can be requeued");
    transaction.commit().await.expect("a requeueing is committed");
    requeued
}

async fn dead(store: &Store, limit: u32) -> Vec<DeadMail> {
    store.read().outbox().dead(limit).await.expect("dead mails can be listed")
}
