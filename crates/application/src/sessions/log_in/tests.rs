mod limits;
mod races;

use contacts_domain::{
    ports::{HasherError, MockPasswordHasher, MockTokenCodec, TokenError},
    validation::ViolationCode,
};
use mockall::predicate::eq;
use uuid::Uuid;

use super::*;
use crate::{
    Dependencies, Policy,
    sessions::Sessions,
    testing::{
        Ended, FakeStore, FakeUnitOfWork, a_caller, a_hash, ada, broken, dependencies, fault, faults, lifetimes, now,
        policy, transaction, unavailable, unknown_field, verifying,
    },
};

const PASSWORD: &str = "analytical engine";

fn attempt(email: &str) -> LoginAttempt {
    LoginAttempt { email: Some(email.into()), password: Some(PASSWORD.into()), errors: ValidationErrors::new() }
}

fn adas() -> LoginAttempt {
    attempt(" ADA@example.com")
}

/// The session under the first id there is.
fn session() -> Session {
    let ends_at = lifetimes().end(now());
    Session {
        id: SessionId::new(Uuid::from_u128(1)),
        user: ada().id,
        user_agent: a_caller().user_agent,
        address: a_caller().address,
        created_at: now(),
        last_used_at: now(),
        counter: 0,
        expires_at: lifetimes().expiry(now(), ends_at),
        ends_at,
        revoked_at: None,
    }
}

/// A store that is asked for this account once, and then written to like this.
fn store_with<const N: usize>(
    account: &'static str,
    found: Option<Credentials>,
    works: [FakeUnitOfWork; N],
) -> Arc<FakeStore> {
    FakeStore::reading_and_writing(
        |reads| {
            let find = reads.users.expect_find_credentials().times(1).with(eq(account), eq(a_caller().address));
            find.return_once(|_, _| Ok(found));
        },
        works,
    )
}

fn credentials(knows_address: bool) -> Credentials {
    Credentials { user: ada(), password_hash: a_hash(), knows_address, disabled: false }
}

/// A store that knows Ada, and is written to like this.
fn store<const N: usize>(works: [FakeUnitOfWork; N]) -> Arc<FakeStore> {
    store_with("ada@example.com", Some(credentials(true)), works)
}

/// Expects that this hash is replaced, and says whether it was still the same.
fn expect_replacement(work: &mut FakeUnitOfWork, (old, new): (&'static str, &'static str), unchanged: bool) {
    let replace = work.users.expect_replace_password_hash().times(1);
    replace
        .withf(move |user, from, to| *user == ada().id && from.expose() == old && to.expose() == new)
        .returning(move |_, _, _| Ok(unchanged));
}

/// Expects that the session begins, with its entry.
fn begins(new_hash: &'static str) -> FakeUnitOfWork {
    begins_with("$hash", new_hash)
}

/// The same where another hash is the old one.
fn begins_with(old_hash: &'static str, new_hash: &'static str) -> FakeUnitOfWork {
    transaction(|work| {
        expect_replacement(work, (old_hash, new_hash), true);
        work.users.expect_record_login().times(1).with(eq(ada().id), eq(now())).returning(|_, _| Ok(()));
        work.sessions.expect_insert().times(1).with(eq(session())).returning(|_| Ok(()));
        work.expect_audit(AuditKind::LoggedIn, Some(ada().id), Some(session().id));
    })
}

/// Expects the entry of a failed login alone.
fn fails(user: Option<UserId>) -> FakeUnitOfWork {
    transaction(|work| work.expect_audit(AuditKind::LoginFailed, user, None))
}

fn right() -> MockPasswordHasher {
    verifying(PASSWORD, Some("$hash"), Verification::Right)
}

fn wrong() -> MockPasswordHasher {
    verifying(PASSWORD, Some("$hash"), Verification::Wrong)
}

fn codec() -> MockTokenCodec {
    let mut codec = MockTokenCodec::new();
    let access = codec.expect_issue_access().times(1);
    access.withf(|claims| claims.user == ada().id && claims.session == session().id).returning(|_| Ok("access".into()));
    let refresh = codec.expect_issue_refresh().times(1);
    refresh.withf(|claims| claims.session == session().id && claims.counter == 0).returning(|_| Ok("refresh".into()));
    codec
}

fn dependencies_of(store: &Arc<FakeStore>, hasher: MockPasswordHasher, codec: MockTokenCodec) -> Dependencies {
    Dependencies { password_hasher: Arc::new(hasher), tokens: Arc::new(codec), ..dependencies(store) }
}

async fn execute(dependencies: Dependencies, attempt: LoginAttempt) -> Result<TokenPair> {
    Sessions::new(&dependencies).log_in.execute(attempt, a_caller()).await
}

/// An attempt that gets no token, whatever else it gets.
async fn refused(store: &Arc<FakeStore>, hasher: MockPasswordHasher, attempt: LoginAttempt) -> Error {
    execute(dependencies_of(store, hasher, MockTokenCodec::new()), attempt).await.unwrap_err()
}

#[tokio::test]
async fn who_is_kept_out_is_told_what_a_wrong_password_is_told_and_as_late() {
    for (hasher, is_right) in [(right(), true), (wrong(), false)] {
        let disabled = Credentials { disabled: true, ..credentials(true) };
        let store = store_with("ada@example.com", Some(disabled), [fails(Some(ada().id))]);
        let error = refused(&store, hasher, attempt("ada@example.com")).await;
        assert!(matches!(error, Error::InvalidCredentials), "{is_right}: {error:?}");
    }
}

#[tokio::test]
async fn the_right_password_begins_a_session_whatever_the_case_of_the_address() {
    let store = store([begins("$hash")]);
    let pair = execute(dependencies_of(&store, right(), codec()), adas()).await.unwrap();
    assert_eq!((pair.access_token.as_str(), pair.refresh_token.as_str()), ("access", "refresh"));
    assert_eq!(pair.expires_in, lifetimes().access);
    assert_eq!(store.ended(), Ended::Committed);
}

#[tokio::test]
async fn a_wrong_password_gives_no_token_and_one_entry() {
    let store = store([fails(Some(ada().id))]);
    assert!(matches!(refused(&store, wrong(), adas()).await, Error::InvalidCredentials));
    assert_eq!(store.ended(), Ended::Committed);
}

#[tokio::test]
async fn an_unknown_address_costs_the_same_work_and_gives_the_same_error_and_one_entry() {
    let store = store_with("no address", None, [fails(None)]);
    let hasher = verifying(PASSWORD, None, Verification::Wrong);
    assert!(matches!(refused(&store, hasher, attempt("no address")).await, Error::InvalidCredentials));
    assert_eq!(store.ended(), Ended::Committed);
}

#[tokio::test]
async fn nobody_enters_an_account_that_does_not_exist_whatever_the_hasher_says() {
    for verification in [Verification::Right, Verification::Outdated] {
        let store = store_with("grace@example.com", None, [fails(None)]);
        let error = refused(&store, verifying(PASSWORD, None, verification), attempt("grace@example.com")).await;
        assert!(matches!(error, Error::InvalidCredentials));
    }
}

#[tokio::test]
async fn an_address_with_nul_is_not_looked_for_and_costs_the_same_work() {
    let store = FakeStore::writing_in_turn([fails(None)]);
    let hasher = verifying(PASSWORD, None, Verification::Wrong);
    assert!(matches!(refused(&store, hasher, attempt("ada\0@example.com")).await, Error::InvalidCredentials));
    assert_eq!(store.ended(), Ended::Committed);
}

#[tokio::test]
async fn an_outdated_hash_is_replaced_when_the_session_begins() {
    let mut hasher = verifying(PASSWORD, Some("$hash"), Verification::Outdated);
    let hash = hasher.expect_hash().times(1).withf(|password| password.expose() == PASSWORD);
    hash.returning(|_| Ok(PasswordHash::new("$new".into())));
    let store = store([begins("$new")]);
    assert!(execute(dependencies_of(&store, hasher, codec()), adas()).await.is_ok());
    assert_eq!(store.ended(), Ended::Committed);
}

/// Where only those may log in who verified their address.
async fn where_verified(store: Arc<FakeStore>, hasher: MockPasswordHasher, codec: MockTokenCodec) -> Result<TokenPair> {
    let policy = Policy { require_verified_email: true, ..policy() };
    execute(Dependencies { policy, ..dependencies_of(&store, hasher, codec) }, adas()).await
}

#[tokio::test]
async fn who_is_not_verified_is_told_after_the_right_password_alone() {
    let result = where_verified(store([fails(Some(ada().id))]), right(), MockTokenCodec::new()).await;
    assert!(matches!(result, Err(Error::EmailNotVerified)));
    let result = where_verified(store([fails(Some(ada().id))]), wrong(), MockTokenCodec::new()).await;
    assert!(matches!(result, Err(Error::InvalidCredentials)));
}

#[tokio::test]
async fn who_is_verified_may_log_in_where_that_is_required() {
    let verified = Credentials { user: User { email_verified: true, ..ada() }, ..credentials(true) };
    let store = store_with("ada@example.com", Some(verified), [begins("$hash")]);
    assert!(where_verified(store, right(), codec()).await.is_ok());
}

#[tokio::test]
async fn everything_missing_is_reported_and_nothing_is_compared() {
    let empty = LoginAttempt { errors: unknown_field(), ..LoginAttempt::default() };
    let error = refused(&FakeStore::untouched(), MockPasswordHasher::new(), empty).await;
    let expected = [
        fault("unknown", ViolationCode::UnknownField),
        fault("email", ViolationCode::Required),
        fault("password", ViolationCode::Required),
    ];
    assert_eq!(faults::<()>(Err(error)), expected);
}

#[tokio::test]
async fn what_was_wrong_when_it_was_read_is_refused_although_nothing_is_missing() {
    let wrong = LoginAttempt { errors: unknown_field(), ..adas() };
    let error = refused(&FakeStore::untouched(), MockPasswordHasher::new(), wrong).await;
    assert_eq!(faults::<()>(Err(error)), [fault("unknown", ViolationCode::UnknownField)]);
}

#[tokio::test]
async fn no_password_is_compared_while_the_database_is_unavailable() {
    let store = FakeStore::reading(|reads| {
        reads.users.expect_find_credentials().times(1).returning(|_, _| Err(unavailable()));
    });
    let error = refused(&store, MockPasswordHasher::new(), adas()).await;
    assert!(matches!(error, Error::Unavailable(_)));
}

#[tokio::test]
async fn no_session_begins_while_the_hasher_is_busy() {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_verify().times(1).returning(|_, _| Err(HasherError::Busy));
    assert!(matches!(refused(&store([]), hasher, adas()).await, Error::Busy));
}

#[tokio::test]
async fn no_session_begins_that_cannot_be_audited() {
    let store = store([transaction(|work| {
        expect_replacement(work, ("$hash", "$hash"), true);
        work.users.expect_record_login().times(1).returning(|_, _| Ok(()));
        work.sessions.expect_insert().times(1).returning(|_| Ok(()));
        work.audit.expect_record().times(1).returning(|_| Err(broken()));
    })]);
    assert!(matches!(refused(&store, right(), adas()).await, Error::Internal(_)));
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn no_token_is_given_when_the_commit_fails() {
    let mut work = begins("$hash");
    work.commit_fails = true;
    let store = store([work]);
    assert!(matches!(refused(&store, right(), adas()).await, Error::Unavailable(_)));
}

#[tokio::test]
async fn a_token_that_cannot_be_signed_is_an_internal_error() {
    let mut codec = MockTokenCodec::new();
    codec.expect_issue_access().times(1).returning(|_| Err(TokenError::Backend("no key".into())));
    let store = store([begins("$hash")]);
    let result = execute(dependencies_of(&store, right(), codec), adas()).await;
    assert!(matches!(result, Err(Error::Internal(_))));
}
