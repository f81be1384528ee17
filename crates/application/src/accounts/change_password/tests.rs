use contacts_domain::{
    ports::{HasherError, MockPasswordHasher, MockUserCache, Verification},
    validation::{ValidationErrors, ViolationCode},
};
use mockall::predicate::eq;

use super::*;
use crate::{
    Dependencies,
    accounts::Accounts,
    testing::{
        Ended, FakeStore, FakeUnitOfWork, a_caller, a_hash, a_session, ada, broken, current_ada, dependencies, fault,
        faults, invalidating, locked_ada, now, transaction, verifying,
    },
};

fn change() -> PasswordChange {
    PasswordChange {
        current_password: Some("analytical engine".into()),
        new_password: Some("difference engine".into()),
        errors: ValidationErrors::new(),
    }
}

/// Compares the present password, and hashes the new one.
fn hasher() -> MockPasswordHasher {
    let mut hasher = verifying("analytical engine", Some("$hash"), Verification::Right);
    let hash = hasher.expect_hash().times(1).withf(|password| password.expose() == "difference engine");
    hash.returning(|_| Ok(PasswordHash::new("$new".into())));
    hasher
}

/// A store that is asked for Ada's hash, and written to like this.
fn store<const N: usize>(works: [FakeUnitOfWork; N]) -> Arc<FakeStore> {
    FakeStore::reading_and_writing(
        |reads| {
            reads.users.expect_find_password_hash().times(1).with(eq(ada().id)).returning(|_| Ok(Some(a_hash())));
        },
        works,
    )
}

async fn execute(
    store: &Arc<FakeStore>,
    hasher: MockPasswordHasher,
    user_cache: Arc<MockUserCache>,
    change: PasswordChange,
) -> Result<()> {
    let dependencies = Dependencies { password_hasher: Arc::new(hasher), user_cache, ..dependencies(store) };
    Accounts::new(&dependencies).change_password.execute(&current_ada(), change, a_caller()).await
}

/// Where nothing is invalidated.
async fn refused(store: &Arc<FakeStore>, hasher: MockPasswordHasher) -> Error {
    execute(store, hasher, Arc::new(MockUserCache::new()), change()).await.unwrap_err()
}

/// Expects that the hash is replaced under the lock, and says whether it was still the same.
fn expect_replacement(work: &mut FakeUnitOfWork, unchanged: bool) {
    expect_replacement_of(work, "$hash", unchanged);
}

/// The same where this is the present hash.
fn expect_replacement_of(work: &mut FakeUnitOfWork, hash: &'static str, unchanged: bool) {
    work.expect_lock(Some(locked_ada()));
    let replace = work.users.expect_replace_password_hash().times(1);
    replace
        .withf(move |user, old, new| *user == ada().id && old.expose() == hash && new.expose() == "$new")
        .returning(move |_, _, _| Ok(unchanged));
}

/// Expects everything but the entry, where this is the present hash.
fn expect_change(work: &mut FakeUnitOfWork, hash: &'static str) {
    expect_replacement_of(work, hash, true);
    let revoke = work.sessions.expect_revoke_all().times(1);
    revoke.with(eq(ada().id), eq(Some(a_session().id)), eq(now())).returning(|_, _, _| Ok(2));
    for purpose in [LinkPurpose::ResetPassword, LinkPurpose::ConfirmNewEmail] {
        let close = work.links.expect_close_all().times(1);
        close.with(eq(ada().id), eq(purpose), eq(now())).returning(|_, _, _| Ok(()));
    }
    work.expect_mail(MailSubject::PasswordChanged { user: ada().id });
}

fn changes() -> FakeUnitOfWork {
    changes_from("$hash")
}

fn changes_from(hash: &'static str) -> FakeUnitOfWork {
    transaction(|work| {
        expect_change(work, hash);
        work.expect_audit(AuditKind::PasswordChanged, Some(ada().id), Some(a_session().id));
    })
}

#[tokio::test]
async fn the_password_changes_the_owner_is_told_and_every_other_session_and_link_ends() {
    let store = store([changes()]);
    let cache = invalidating(&store, locked_ada().version, [Ended::Committed]);
    assert!(execute(&store, hasher(), cache, change()).await.is_ok());
}

#[tokio::test]
async fn nothing_is_hashed_or_changed_when_the_present_password_is_wrong_and_that_is_audited() {
    let store = store([transaction(|work| {
        work.expect_audit(AuditKind::LoginFailed, Some(ada().id), Some(a_session().id));
    })]);
    let hasher = verifying("analytical engine", Some("$hash"), Verification::Wrong);
    assert!(matches!(refused(&store, hasher).await, Error::WrongPassword));
    assert_eq!(store.ended(), Ended::Committed);
}

/// A store that has these hashes of Ada's password, one after the other, and is written to like this.
fn store_of<const N: usize>(hashes: [&'static str; 2], works: [FakeUnitOfWork; N]) -> Arc<FakeStore> {
    FakeStore::reading_and_writing(
        |reads| {
            let mut hashes = hashes.into_iter();
            let find = reads.users.expect_find_password_hash().times(2);
            find.returning(move |_| Ok(hashes.next().map(|hash| PasswordHash::new(hash.into()))));
        },
        works,
    )
}

/// Compares the present password again, with a hash that came instead.
fn hasher_again(verification: Verification) -> MockPasswordHasher {
    let mut hasher = hasher();
    let verify = hasher.expect_verify().times(1);
    verify.withf(|_, known| known.map(PasswordHash::expose) == Some("$newer")).returning(move |_, _| Ok(verification));
    hasher
}

#[tokio::test]
async fn the_password_changes_although_a_login_replaced_its_hash_by_another_of_the_same() {
    let works = [transaction(|work| expect_replacement(work, false)), changes_from("$newer")];
    let store = store_of(["$hash", "$newer"], works);
    let cache = invalidating(&store, locked_ada().version, [Ended::RolledBack, Ended::Committed]);
    assert!(execute(&store, hasher_again(Verification::Right), cache, change()).await.is_ok());
}

#[tokio::test]
async fn nothing_is_changed_when_the_password_was_changed_meanwhile() {
    let fails = transaction(|work| {
        work.expect_audit(AuditKind::LoginFailed, Some(ada().id), Some(a_session().id));
    });
    let store = store_of(["$hash", "$newer"], [transaction(|work| expect_replacement(work, false)), fails]);
    assert!(matches!(refused(&store, hasher_again(Verification::Wrong)).await, Error::WrongPassword));
    assert_eq!(store.endings(), [Ended::RolledBack, Ended::Committed]);
}

#[tokio::test]
async fn a_hash_that_changes_again_and_again_is_not_followed_for_ever() {
    let works = ["$hash", "$newer"].map(|old| transaction(|work| expect_replacement_of(work, old, false)));
    let store = store_of(["$hash", "$newer"], works);
    assert!(matches!(refused(&store, hasher_again(Verification::Right)).await, Error::WrongPassword));
    assert_eq!(store.endings(), [Ended::RolledBack; 2]);
}

#[tokio::test]
async fn nothing_is_changed_when_the_account_is_gone() {
    let store = store([transaction(|work| work.expect_lock(None))]);
    assert!(matches!(refused(&store, hasher()).await, Error::InvalidToken));
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn no_transaction_begins_while_the_hasher_is_busy() {
    let mut hasher = verifying("analytical engine", Some("$hash"), Verification::Right);
    hasher.expect_hash().times(1).returning(|_| Err(HasherError::Busy));
    assert!(matches!(refused(&store([]), hasher).await, Error::Busy));
}

#[tokio::test]
async fn the_former_password_stays_when_the_change_cannot_be_audited() {
    let store = store([transaction(|work| {
        expect_change(work, "$hash");
        work.audit.expect_record().times(1).returning(|_| Err(broken()));
    })]);
    assert!(matches!(refused(&store, hasher()).await, Error::Internal(_)));
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn older_copies_are_not_believed_any_more_although_the_answer_to_the_commit_was_lost() {
    let mut work = changes();
    work.commit_fails = true;
    let store = store([work]);
    let cache = invalidating(&store, locked_ada().version, [Ended::Unknown]);
    assert!(matches!(execute(&store, hasher(), cache, change()).await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn nothing_is_compared_when_the_new_password_cannot_be_chosen() {
    let wrong = PasswordChange { new_password: Some("short".into()), ..change() };
    let (store, cache) = (FakeStore::untouched(), Arc::new(MockUserCache::new()));
    let result = execute(&store, MockPasswordHasher::new(), cache, wrong).await;
    assert_eq!(faults(result), [fault("new_password", ViolationCode::TooShort)]);
}
