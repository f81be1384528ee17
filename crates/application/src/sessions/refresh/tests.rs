use contacts_domain::{
    Timestamp,
    ids::SessionId,
    ports::{AccessClaims, MockRateLimiter, MockTokenCodec, MockUserCache, TokenError},
    rate_limit::RateKey,
    session::CurrentUser,
    validation::ViolationCode,
};
use mockall::predicate::eq;

use super::*;
use crate::{
    Dependencies, Policy,
    limits::RateLimits,
    sessions::Sessions,
    testing::{
        Ended, FakeStore, FakeUnitOfWork, a_caller, a_limit, a_session, ada, broken, current_ada, dependencies, fault,
        faults, invalidating, lifetimes, limiter, locked_ada, now, policy, refusing, transaction, unavailable,
        unknown_field,
    },
};

fn request() -> RefreshRequest {
    RefreshRequest { refresh_token: Some("old".into()), errors: ValidationErrors::new() }
}

/// A codec that accepts Ada's refresh token of this number, once.
fn accepting(counter: i64) -> MockTokenCodec {
    let (issued_at, expires_at) = (now(), now());
    let claims = RefreshClaims { user: ada().id, session: a_session().id, counter, issued_at, expires_at };
    let mut codec = MockTokenCodec::new();
    codec.expect_verify_refresh().times(1).with(eq("old"), eq(now())).returning(move |_, _| Ok(claims));
    codec
}

/// The same, and it makes the tokens of a session that was used last at this time.
fn exchanging(counter: i64, made: i64, last_used_at: Timestamp) -> MockTokenCodec {
    let mut codec = accepting(counter);
    let access = move |claims: &AccessClaims| {
        (claims.user, claims.session, claims.version) == (ada().id, a_session().id, ada().version)
            && claims.issued_at.timestamp() == last_used_at.timestamp()
    };
    codec.expect_issue_access().times(1).withf(access).returning(|_| Ok("access".into()));
    let refresh = move |claims: &RefreshClaims| {
        (claims.user, claims.session, claims.counter) == (ada().id, a_session().id, made)
            && claims.issued_at.timestamp() == last_used_at.timestamp()
    };
    codec.expect_issue_refresh().times(1).withf(refresh).returning(|_| Ok("refresh".into()));
    codec
}

/// Expects that the session is locked, once, and says what is found.
fn expect_lock(work: &mut FakeUnitOfWork, found: Option<Session>) {
    let lock = work.sessions.expect_lock().times(1).with(eq(ada().id), eq(a_session().id));
    lock.return_once(|_, _| Ok(found));
}

/// A transaction that finds this session, and changes nothing.
fn finding(found: Option<Session>) -> FakeUnitOfWork {
    transaction(|work| expect_lock(work, found))
}

/// A transaction that rotates the sample session, and says whether that could be done.
fn rotating(rotated: bool) -> FakeUnitOfWork {
    transaction(|work| {
        expect_lock(work, Some(a_session()));
        let expires_at = lifetimes().expiry(now(), a_session().ends_at);
        let rotate = work.sessions.expect_rotate().times(1);
        rotate
            .with(eq(ada().id), eq(a_session().id), eq(2), eq(now()), eq(expires_at))
            .returning(move |_, _, _, _, _| Ok(rotated));
    })
}

/// A store with these transactions, that is asked once afterwards who is in the session.
fn store_of<const N: usize>(found: Option<CurrentUser>, works: [FakeUnitOfWork; N]) -> Arc<FakeStore> {
    FakeStore::reading_and_writing(
        |reads| {
            let find = reads.sessions.expect_find_current().times(1);
            find.with(eq(ada().id), eq(a_session().id), eq(now())).return_once(|_, _, _| Ok(found));
        },
        works,
    )
}

async fn execute(store: &Arc<FakeStore>, codec: MockTokenCodec, cache: Arc<MockUserCache>) -> Result<TokenPair> {
    let dependencies = Dependencies { tokens: Arc::new(codec), user_cache: cache, ..dependencies(store) };
    Sessions::new(&dependencies).refresh.execute(request(), a_caller()).await
}

/// Where nothing is invalidated.
async fn refresh(store: &Arc<FakeStore>, codec: MockTokenCodec) -> Result<TokenPair> {
    execute(store, codec, Arc::new(MockUserCache::new())).await
}

fn texts(pair: &TokenPair) -> (&str, &str) {
    (&pair.access_token, &pair.refresh_token)
}

#[tokio::test]
async fn the_current_token_is_exchanged_for_the_next_pair() {
    let store = store_of(Some(current_ada()), [rotating(true)]);
    let pair = refresh(&store, exchanging(2, 3, now())).await.unwrap();
    assert_eq!(texts(&pair), ("access", "refresh"));
    assert_eq!(pair.expires_in, lifetimes().access);
    assert_eq!(store.ended(), Ended::Committed);
}

#[tokio::test]
async fn the_token_before_gives_the_same_pair_for_a_moment_and_writes_nothing() {
    let a_moment_ago = now() - chrono::TimeDelta::seconds(10);
    let just_rotated = Session { last_used_at: a_moment_ago, ..a_session() };
    let store = store_of(Some(current_ada()), [finding(Some(just_rotated))]);
    let pair = refresh(&store, exchanging(1, 2, a_moment_ago)).await.unwrap();
    assert_eq!(texts(&pair), ("access", "refresh"));
    assert_eq!(store.ended(), Ended::RolledBack);
}

/// Expects that the session is asked to end now, and says whether it did.
fn expect_revoke(work: &mut FakeUnitOfWork, alive: bool) {
    work.expect_lock(Some(locked_ada()));
    let revoke = work.sessions.expect_revoke().times(1).with(eq(ada().id), eq(a_session().id), eq(now()));
    revoke.returning(move |_, _, _| Ok(alive));
}

#[tokio::test]
async fn a_token_that_was_used_before_ends_its_session_in_a_transaction_of_its_own() {
    let ending = transaction(|work| {
        expect_revoke(work, true);
        work.expect_audit(AuditKind::RefreshReused, Some(ada().id), Some(a_session().id));
    });
    let store = FakeStore::writing_in_turn([finding(Some(a_session())), ending]);
    let endings = [Ended::RolledBack, Ended::Committed];
    let cache = invalidating(&store, locked_ada().version, endings);
    let result = execute(&store, accepting(1), cache).await;
    assert!(matches!(result, Err(Error::InvalidToken)));
    assert_eq!(store.endings(), endings);
}

#[tokio::test]
async fn nothing_is_audited_or_invalidated_when_a_session_that_was_stolen_has_ended_already() {
    let ended = transaction(|work| expect_revoke(work, false));
    let store = FakeStore::writing_in_turn([finding(Some(a_session())), ended]);
    assert!(matches!(refresh(&store, accepting(0)).await, Err(Error::InvalidToken)));
    assert_eq!(store.endings(), [Ended::RolledBack, Ended::RolledBack]);
}

#[tokio::test]
async fn no_copy_of_a_stolen_session_is_believed_although_the_answer_to_the_commit_was_lost() {
    let ending = transaction(|work| {
        expect_revoke(work, true);
        work.expect_audit(AuditKind::RefreshReused, Some(ada().id), Some(a_session().id));
        work.commit_fails = true;
    });
    let store = FakeStore::writing_in_turn([finding(Some(a_session())), ending]);
    let cache = invalidating(&store, locked_ada().version, [Ended::RolledBack, Ended::Unknown]);
    assert!(matches!(execute(&store, accepting(1), cache).await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn nothing_is_exchanged_in_a_session_that_has_ended_or_is_gone() {
    let revoked = Session { revoked_at: Some(now()), ..a_session() };
    let expired = Session { expires_at: now(), ..a_session() };
    for found in [Some(revoked), Some(expired), None] {
        let store = FakeStore::writing_in_turn([finding(found)]);
        assert!(matches!(refresh(&store, accepting(2)).await, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }
}

#[tokio::test]
async fn no_pair_is_given_when_the_counter_moved_on_all_the_same() {
    let store = FakeStore::writing_in_turn([rotating(false)]);
    assert!(matches!(refresh(&store, accepting(2)).await, Err(Error::InvalidToken)));
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn no_pair_is_given_when_the_account_is_gone() {
    let store = store_of(None, [rotating(true)]);
    assert!(matches!(refresh(&store, accepting(2)).await, Err(Error::InvalidToken)));
}

#[tokio::test]
async fn no_pair_is_given_when_the_commit_fails() {
    let mut work = rotating(true);
    work.commit_fails = true;
    let store = FakeStore::writing_in_turn([work]);
    assert!(matches!(refresh(&store, accepting(2)).await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn no_pair_is_given_when_the_session_cannot_be_locked() {
    let store = FakeStore::writing(|work| {
        work.sessions.expect_lock().times(1).returning(|_, _| Err(broken()));
    });
    assert!(matches!(refresh(&store, accepting(2)).await, Err(Error::Internal(_))));
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn no_pair_is_given_while_the_database_is_unavailable() {
    assert!(matches!(refresh(&FakeStore::unreachable(), accepting(2)).await, Err(Error::Unavailable(_))));
    let store = FakeStore::reading_and_writing(
        |reads| {
            reads.sessions.expect_find_current().times(1).returning(|_, _, _| Err(unavailable()));
        },
        [rotating(true)],
    );
    assert!(matches!(refresh(&store, accepting(2)).await, Err(Error::Unavailable(_))));
}

/// Refreshes where there is a limit.
async fn limited(store: &Arc<FakeStore>, codec: MockTokenCodec, limiter: MockRateLimiter) -> Result<TokenPair> {
    let rate_limits = RateLimits { refresh: Some(a_limit()), ..RateLimits::default() };
    let policy = Policy { rate_limits, ..policy() };
    let (tokens, rate_limiter) = (Arc::new(codec), Arc::new(limiter));
    let dependencies = Dependencies { tokens, rate_limiter, policy, ..dependencies(store) };
    Sessions::new(&dependencies).refresh.execute(request(), a_caller()).await
}

fn bucket() -> RateKey {
    let session: SessionId = a_session().id;
    RateKey::Refresh(session)
}

#[tokio::test]
async fn the_refreshes_of_a_session_are_counted() {
    let store = store_of(Some(current_ada()), [rotating(true)]);
    assert!(limited(&store, exchanging(2, 3, now()), limiter([(bucket(), a_limit())])).await.is_ok());
}

#[tokio::test]
async fn the_database_is_not_asked_when_a_session_is_refreshed_too_often() {
    let mut limiter = MockRateLimiter::new();
    refusing(&mut limiter, bucket(), a_limit());
    let result = limited(&FakeStore::untouched(), accepting(2), limiter).await;
    let Err(Error::RateLimited { retry_after }) = result else { panic!("{result:?}") };
    assert_eq!(retry_after.as_secs(), 7);
}

#[tokio::test]
async fn nothing_is_counted_or_asked_when_the_token_is_not_valid() {
    let mut codec = MockTokenCodec::new();
    codec.expect_verify_refresh().times(1).returning(|_, _| Err(TokenError::Invalid));
    let result = limited(&FakeStore::untouched(), codec, MockRateLimiter::new()).await;
    assert!(matches!(result, Err(Error::InvalidToken)));
}

#[tokio::test]
async fn a_token_that_cannot_be_signed_is_an_internal_error() {
    let mut codec = accepting(2);
    codec.expect_issue_access().times(1).returning(|_| Err(TokenError::Backend("no key".into())));
    let store = store_of(Some(current_ada()), [rotating(true)]);
    assert!(matches!(refresh(&store, codec).await, Err(Error::Internal(_))));
}

async fn refused(request: RefreshRequest) -> Result<TokenPair> {
    Sessions::new(&dependencies(&FakeStore::untouched())).refresh.execute(request, a_caller()).await
}

#[tokio::test]
async fn a_missing_token_is_reported_with_what_else_is_wrong() {
    let empty = RefreshRequest { errors: unknown_field(), ..RefreshRequest::default() };
    let expected = [fault("unknown", ViolationCode::UnknownField), fault("refresh_token", ViolationCode::Required)];
    assert_eq!(faults(refused(empty).await), expected);
}

#[tokio::test]
async fn what_was_wrong_when_it_was_read_is_refused_although_the_token_is_there() {
    let wrong = RefreshRequest { errors: unknown_field(), ..request() };
    assert_eq!(faults(refused(wrong).await), [fault("unknown", ViolationCode::UnknownField)]);
}
