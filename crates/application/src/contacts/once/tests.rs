use chrono::TimeDelta;
use contacts_domain::{Timestamp, ports::RepositoryResult};
use mockall::predicate::eq;
use uuid::Uuid;

use super::*;
use crate::testing::{
    Ended, FakeStore, FakeUnitOfWork, a_book, a_request, an_answer, attempts, broken, now, once, transaction,
};

/// The first attempt of the sample request.
fn reservation() -> Reservation {
    let leased_until = now() + TimeDelta::seconds(30);
    Reservation { request: a_request(), lease: LeaseId::new(Uuid::from_u128(1)), reserved_at: now(), leased_until }
}

fn writing() -> Option<Once<&'static str>> {
    once(|value: &&str| an_answer(*value))
}

fn reserves(reserved: RepositoryResult<Option<Reserved>>) -> FakeUnitOfWork {
    transaction(|work| {
        work.idempotency.expect_reserve().times(1).with(eq(reservation())).return_once(|_| reserved);
    })
}

fn is_ours() -> FakeUnitOfWork {
    reserves(Ok(Some(Reserved::Ours)))
}

/// Writes under the lock of the book, and says whether the answer was kept.
fn keeps(kept: RepositoryResult<bool>) -> FakeUnitOfWork {
    transaction(|work| {
        work.address_books.expect_insert().times(1).returning(|_| Ok(()));
        let keep = work.idempotency.expect_keep().times(1).with(eq(reservation()), eq(an_answer("value")));
        keep.return_once(|_, _| kept);
    })
}

fn releases() -> FakeUnitOfWork {
    transaction(|work| {
        work.idempotency.expect_release().times(1).with(eq(reservation())).returning(|_| Ok(()));
    })
}

async fn write(work: &mut dyn UnitOfWork) -> Result<&'static str> {
    work.address_books().insert(&a_book()).await?;
    Ok("value")
}

async fn refuse(store: &Arc<FakeStore>, once: Option<Once<&'static str>>) -> Result<Done<&'static str>> {
    attempts(store).refuse(once, Error::NotFound).await
}

#[tokio::test]
async fn what_is_wrong_by_now_is_answered_as_it_was_when_it_was_right() {
    let store = FakeStore::writing_in_turn([reserves(Ok(Some(Reserved::Answered(an_answer("then")))))]);
    assert_eq!(refuse(&store, writing()).await.unwrap(), Done::Before(an_answer("then")));
}

#[tokio::test]
async fn what_is_wrong_in_itself_is_refused_and_its_key_stays_free() {
    for reserved in [Reserved::Ours, Reserved::InFlight { until: now() }, Reserved::Reused] {
        let store = FakeStore::writing_in_turn([reserves(Ok(Some(reserved)))]);
        assert!(matches!(refuse(&store, writing()).await, Err(Error::NotFound)));
        assert_eq!(store.endings(), [Ended::RolledBack]);
    }
    assert!(matches!(refuse(&FakeStore::untouched(), None).await, Err(Error::NotFound)));
}

/// Carries out work that writes.
async fn carry_out(store: &Arc<FakeStore>, once: Option<Once<&'static str>>) -> Result<Done<&'static str>> {
    let work = attempts(store);
    let work = work.carry_out(once, |work| Box::pin(async move { Ok(Outcome::Commit(write(work).await?)) }));
    work.await
}

/// Tries work that must not be done.
async fn refused(reserved: Option<Reserved>) -> (Result<Done<&'static str>>, Vec<Ended>) {
    let store = FakeStore::writing_in_turn([reserves(Ok(reserved))]);
    let result = carry_out(&store, writing()).await;
    (result, store.endings())
}

#[tokio::test]
async fn without_a_key_the_work_is_done_in_one_transaction() {
    let store = FakeStore::writing(|work| {
        work.address_books.expect_insert().times(1).returning(|_| Ok(()));
    });
    assert_eq!(carry_out(&store, None).await.unwrap(), Done::Now("value"));
    assert_eq!(store.ended(), Ended::Committed);
}

#[tokio::test]
async fn a_reserved_request_is_carried_out_and_its_answer_kept_in_the_same_transaction() {
    let store = FakeStore::writing_in_turn([is_ours(), keeps(Ok(true))]);
    assert_eq!(carry_out(&store, writing()).await.unwrap(), Done::Now("value"));
    assert_eq!(store.endings(), [Ended::Committed; 2]);
}

#[tokio::test]
async fn the_answer_is_kept_where_nothing_was_to_be_written() {
    let keeps = transaction(|work| {
        work.idempotency
            .expect_keep()
            .times(1)
            .with(eq(reservation()), eq(an_answer("same")))
            .returning(|_, _| Ok(true));
    });
    let store = FakeStore::writing_in_turn([is_ours(), keeps]);
    let attempts = attempts(&store);
    let work = attempts.carry_out(writing(), |_| Box::pin(async { Ok(Outcome::Rollback("same")) }));
    assert_eq!(work.await.unwrap(), Done::Now("same"));
    assert_eq!(store.endings(), [Ended::Committed; 2]);
}

#[tokio::test]
async fn what_was_answered_is_answered_the_same_and_not_done_again() {
    let (result, endings) = refused(Some(Reserved::Answered(an_answer("before")))).await;
    assert_eq!(result.unwrap(), Done::Before(an_answer("before")));
    assert_eq!(endings, [Ended::RolledBack]);
}

#[tokio::test]
async fn what_is_in_flight_may_be_asked_for_when_its_lease_is_over_but_not_at_once() {
    let wait = |until: Timestamp| async move {
        match refused(Some(Reserved::InFlight { until })).await.0 {
            Err(Error::InFlight { retry_after }) => retry_after,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wait(now() + TimeDelta::seconds(17)).await, Duration::from_secs(17));
    assert_eq!(wait(now() + TimeDelta::milliseconds(3)).await, Duration::from_secs(1));
    assert_eq!(wait(now() - TimeDelta::seconds(3)).await, Duration::from_secs(1));
}

#[tokio::test]
async fn a_key_of_another_request_is_refused() {
    let (result, endings) = refused(Some(Reserved::Reused)).await;
    assert!(matches!(result, Err(Error::IdempotencyKeyReused)));
    assert_eq!(endings, [Ended::RolledBack]);
}

#[tokio::test]
async fn nothing_is_done_when_the_account_is_gone() {
    let (result, endings) = refused(None).await;
    assert!(matches!(result, Err(Error::InvalidToken)));
    assert_eq!(endings, [Ended::RolledBack]);
}

#[tokio::test]
async fn nothing_is_done_when_the_request_cannot_be_reserved() {
    let store = FakeStore::writing_in_turn([reserves(Err(broken()))]);
    assert!(matches!(carry_out(&store, writing()).await, Err(Error::Internal(_))));
    assert_eq!(store.endings(), [Ended::RolledBack]);
}

#[tokio::test]
async fn the_work_is_undone_when_another_attempt_took_over() {
    let store = FakeStore::writing_in_turn([is_ours(), keeps(Ok(false)), releases()]);
    let result = carry_out(&store, writing()).await;
    assert!(matches!(result, Err(Error::InFlight { retry_after }) if retry_after == Duration::from_secs(1)));
    assert_eq!(store.endings(), [Ended::Committed, Ended::RolledBack, Ended::Committed]);
}

#[tokio::test]
async fn the_work_is_undone_when_its_answer_cannot_be_kept() {
    let store = FakeStore::writing_in_turn([is_ours(), keeps(Err(broken())), releases()]);
    assert!(matches!(carry_out(&store, writing()).await, Err(Error::Internal(_))));
    assert_eq!(store.endings(), [Ended::Committed, Ended::RolledBack, Ended::Committed]);
}

#[tokio::test]
async fn what_failed_may_be_tried_again_under_its_key() {
    let store = FakeStore::writing_in_turn([is_ours(), transaction(|_| {}), releases()]);
    let attempts = attempts(&store);
    let work = attempts.carry_out(writing(), |_| Box::pin(async { Err(Error::NotFound) }));
    assert!(matches!(work.await, Err(Error::NotFound)));
    assert_eq!(store.endings(), [Ended::Committed, Ended::RolledBack, Ended::Committed]);
}

#[tokio::test]
async fn what_may_have_been_committed_is_released_too() {
    let mut unknown = keeps(Ok(true));
    unknown.commit_fails = true;
    let store = FakeStore::writing_in_turn([is_ours(), unknown, releases()]);
    assert!(matches!(carry_out(&store, writing()).await, Err(Error::Unavailable(_))));
    assert_eq!(store.endings(), [Ended::Committed, Ended::Unknown, Ended::Committed]);
}

#[tokio::test]
async fn the_failure_of_the_work_is_told_although_nothing_can_be_released() {
    let cannot = transaction(|work| {
        work.idempotency.expect_release().times(1).returning(|_| Err(broken()));
    });
    let store = FakeStore::writing_in_turn([is_ours(), transaction(|_| {}), cannot]);
    let attempts = attempts(&store);
    let work = attempts.carry_out(writing(), |_| Box::pin(async { Err(Error::NotFound) }));
    assert!(matches!(work.await, Err(Error::NotFound)));
    assert_eq!(store.endings()[2], Ended::RolledBack);
}

#[tokio::test]
async fn the_database_may_be_unavailable() {
    let result = carry_out(&FakeStore::unreachable(), writing()).await;
    assert!(matches!(result, Err(Error::Unavailable(_))));
}
