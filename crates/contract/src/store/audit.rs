//! The audit log: everything that was committed, and the latest of it first.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::cmp::Reverse;

use contacts_domain::{
    audit::{AuditEvent, AuditKind},
    caller::{Caller, UserAgent},
    ids::{AuditId, SessionId, UserId},
    ports::UniqueKey,
};

use super::{
    Store,
    steps::{assert_conflict, begin},
};
use crate::fixtures::{address, at, unique_uuid};

pub async fn an_event_comes_back_with_every_field(store: Store) {
    let agent = UserAgent::new("Łukasz' Browser/1.0 (夏目; \"q\" \\ %_) 👩🏽‍🚀");
    let callers = [
        None,
        Some(Caller { address: address("203.0.113.7"), user_agent: None }),
        Some(Caller { address: address("2001:db8::1"), user_agent: agent }),
    ];
    for (number, kind) in AuditKind::ALL.into_iter().enumerate() {
        let user = nobody();
        let event = AuditEvent {
            kind,
            session: (number % 2 == 0).then(|| SessionId::new(unique_uuid())),
            caller: callers[number % callers.len()].clone(),
            at: at(number as i64 * 100_000),
            ..event(Some(user))
        };
        record(&store, std::slice::from_ref(&event)).await;
        assert_eq!(latest(&store, Some(user), 1).await, [event]);
    }
}

pub async fn the_latest_events_come_first(store: Store) {
    let user = nobody();
    let mut events: Vec<_> = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
        .map(|time| AuditEvent { at: at(time), ..event(Some(user)) })
        .into_iter()
        .collect();
    record(&store, &events).await;
    // Of one time, the one whose id was made later.
    events.sort_by_key(|event| Reverse((event.at, event.id)));
    for limit in [0, 1, 4, 10, 11, 12, u32::MAX] {
        let expected = &events[..events.len().min(limit as usize)];
        assert_eq!(latest(&store, Some(user), limit).await, expected, "{limit}");
    }
}

pub async fn the_events_of_one_user_are_theirs_alone(store: Store) {
    let (ada, grace) = (nobody(), nobody());
    let hers = AuditEvent { at: at(1), ..event(Some(ada)) };
    let of_grace = AuditEvent { at: at(2), ..event(Some(grace)) };
    let of_nobody = AuditEvent { at: at(3), kind: AuditKind::LoginFailed, ..event(None) };
    record(&store, &[hers.clone(), of_grace.clone(), of_nobody.clone()]).await;
    assert_eq!(latest(&store, Some(ada), 10).await, std::slice::from_ref(&hers));
    assert_eq!(latest(&store, Some(grace), 10).await, std::slice::from_ref(&of_grace));
    assert_eq!(latest(&store, Some(nobody()), 10).await, []);
    assert_eq!(latest(&store, None, 10).await, [of_nobody, of_grace, hers]);
}

pub async fn an_event_that_was_undone_is_not_told(store: Store) {
    let user = nobody();
    let mut transaction = begin(&store).await;
    transaction.audit().record(&event(Some(user))).await.unwrap();
    assert_eq!(latest(&store, Some(user), 10).await, []);
    transaction.rollback().await.unwrap();
    assert_eq!(latest(&store, Some(user), 10).await, []);
}

pub async fn an_event_is_never_written_over(store: Store) {
    let user = nobody();
    let first = event(Some(user));
    record(&store, std::slice::from_ref(&first)).await;
    let mut transaction = begin(&store).await;
    let again = AuditEvent { kind: AuditKind::LoginFailed, ..first.clone() };
    assert_conflict(transaction.audit().record(&again).await, UniqueKey::Id);
    transaction.rollback().await.unwrap();
    assert_eq!(latest(&store, Some(user), 10).await, [first]);
}

pub async fn events_are_purged_that_happened_before(store: Store) {
    let user = nobody();
    let of = |user, time| AuditEvent { at: at(time), ..event(user) };
    // Whoever it was: of an account, and of none.
    let gone = [of(Some(user), 3), of(Some(user), 4), of(Some(nobody()), 4), of(None, 4)];
    let kept = [of(Some(user), 6), of(Some(user), 5), of(None, 5)];
    record(&store, &gone).await;
    record(&store, &kept).await;
    let mut undone = begin(&store).await;
    assert_eq!(undone.audit().purge(at(7)).await.unwrap(), 7);
    undone.rollback().await.unwrap();
    for expected in [4, 0] {
        let mut transaction = begin(&store).await;
        assert_eq!(transaction.audit().purge(at(5)).await.unwrap(), expected);
        transaction.commit().await.unwrap();
    }
    assert_eq!(latest(&store, Some(user), 10).await, kept[..2]);
    assert_eq!(latest(&store, None, 10).await.len(), kept.len());
}

/// Somebody who need not have an account: the log refers to none.
fn nobody() -> UserId {
    UserId::new(unique_uuid())
}

fn event(user: Option<UserId>) -> AuditEvent {
    AuditEvent {
        id: AuditId::new(unique_uuid()),
        kind: AuditKind::LoggedIn,
        user,
        session: None,
        caller: None,
        at: at(0),
    }
}

async fn record(store: &Store, events: &[AuditEvent]) {
    let mut transaction = begin(store).await;
    for event in events {
        transaction.audit().record(event).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

async fn latest(store: &Store, user: Option<UserId>, limit: u32) -> Vec<AuditEvent> {
    store.read().audit().latest(user, limit).await.unwrap()
}
