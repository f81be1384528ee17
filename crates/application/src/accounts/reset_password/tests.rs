use contacts_domain::{
    link::Link,
    ports::{HasherError, MockLinkTokens, MockPasswordHasher, MockUserCache},
    validation::{ValidationErrors, ViolationCode},
};
use mockall::predicate::eq;

use super::*;
use crate::{
    Dependencies,
    accounts::Accounts,
    testing::{
        Ended, FakeStore, FakeUnitOfWork, a_caller, a_link, ada, another_address, broken, dependencies, fault, faults,
        hashing, invalidating, locked_ada, now, transaction,
    },
};

const PURPOSE: LinkPurpose = LinkPurpose::ResetPassword;

fn reset() -> PasswordReset {
    PasswordReset {
        token: Some("token".into()),
        new_password: Some("difference engine".into()),
        errors: ValidationErrors::new(),
    }
}

fn hasher() -> MockPasswordHasher {
    hashing("difference engine", "$new")
}

/// Reads the token of the sample link, where it was made for this.
fn tokens(ours: bool) -> MockLinkTokens {
    let mut tokens = MockLinkTokens::new();
    let read = tokens.expect_read().times(1).with(eq(PURPOSE), eq("token"));
    read.returning(move |purpose, _| ours.then_some((a_link(purpose).id, a_link(purpose).hash)));
    tokens
}

async fn execute(
    store: &Arc<FakeStore>,
    tokens: MockLinkTokens,
    hasher: MockPasswordHasher,
    user_cache: Arc<MockUserCache>,
) -> Result<()> {
    let (link_tokens, password_hasher) = (Arc::new(tokens), Arc::new(hasher));
    let dependencies = Dependencies { link_tokens, password_hasher, user_cache, ..dependencies(store) };
    Accounts::new(&dependencies).reset_password.execute(reset(), a_caller()).await
}

/// With a token of ours, where nothing is invalidated.
async fn refused(store: &Arc<FakeStore>, hasher: MockPasswordHasher) -> Error {
    execute(store, tokens(true), hasher, Arc::new(MockUserCache::new())).await.unwrap_err()
}

/// Expects that the sample link is asked for, and used up where it is still good.
fn expect_redeem(work: &mut FakeUnitOfWork, user: User, good: bool) {
    let link = a_link(PURPOSE);
    work.expect_find_link(link.id, Some(link.clone()));
    work.expect_lock(Some(user));
    let consume = work.links.expect_consume().times(1).with(eq(link.id), eq(PURPOSE), eq(link.hash), eq(now()));
    consume.return_once(move |_, _, _, _| Ok(good.then_some(link)));
}

fn verified() -> User {
    User { email_verified: true, updated_at: now(), ..locked_ada() }
}

/// Expects everything but the entry.
fn expect_reset(work: &mut FakeUnitOfWork) {
    expect_redeem(work, locked_ada(), true);
    work.expect_update(verified());
    let set = work.users.expect_set_password_hash().times(1);
    set.withf(|user, hash| *user == ada().id && hash.expose() == "$new").returning(|_, _| Ok(()));
    let revoke = work.sessions.expect_revoke_all().times(1).with(eq(ada().id), eq(None), eq(now()));
    revoke.returning(|_, _, _| Ok(2));
    let close = work.links.expect_close_all().times(1);
    close.with(eq(ada().id), eq(LinkPurpose::ConfirmNewEmail), eq(now())).returning(|_, _, _| Ok(()));
    work.expect_mail(MailSubject::PasswordChanged { user: ada().id });
}

fn resets() -> FakeUnitOfWork {
    transaction(|work| {
        expect_reset(work);
        work.expect_audit(AuditKind::PasswordReset, Some(ada().id), None);
    })
}

#[tokio::test]
async fn the_password_is_set_the_address_verified_the_owner_told_and_every_session_and_link_ended() {
    let store = FakeStore::writing_in_turn([resets()]);
    let cache = invalidating(&store, verified().version, [Ended::Committed]);
    assert!(execute(&store, tokens(true), hasher(), cache).await.is_ok());
}

#[tokio::test]
async fn a_token_that_was_not_made_here_costs_no_hash() {
    let (store, cache) = (FakeStore::untouched(), Arc::new(MockUserCache::new()));
    let result = execute(&store, tokens(false), MockPasswordHasher::new(), cache).await;
    assert!(matches!(result, Err(Error::InvalidLink)));
}

#[tokio::test]
async fn nothing_is_set_by_a_link_that_is_used_up() {
    let store = FakeStore::writing(|work| expect_redeem(work, locked_ada(), false));
    assert!(matches!(refused(&store, hasher()).await, Error::InvalidLink));
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn nothing_is_set_by_a_link_that_was_sent_to_a_former_address() {
    let store = FakeStore::writing(|work| {
        let link = Link { address: another_address(), ..a_link(PURPOSE) };
        work.expect_find_link(link.id, Some(link.clone()));
        work.expect_lock(Some(locked_ada()));
        work.links.expect_consume().times(1).return_once(|_, _, _, _| Ok(Some(link)));
    });
    assert!(matches!(refused(&store, hasher()).await, Error::InvalidLink));
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn no_transaction_begins_while_the_hasher_is_busy() {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_hash().times(1).returning(|_| Err(HasherError::Busy));
    assert!(matches!(refused(&FakeStore::untouched(), hasher).await, Error::Busy));
}

#[tokio::test]
async fn the_former_password_stays_when_the_change_cannot_be_audited() {
    let store = FakeStore::writing(|work| {
        expect_reset(work);
        work.audit.expect_record().times(1).returning(|_| Err(broken()));
    });
    assert!(matches!(refused(&store, hasher()).await, Error::Internal(_)));
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn older_copies_are_not_believed_any_more_although_the_answer_to_the_commit_was_lost() {
    let mut work = resets();
    work.commit_fails = true;
    let store = FakeStore::writing_in_turn([work]);
    let cache = invalidating(&store, verified().version, [Ended::Unknown]);
    assert!(matches!(execute(&store, tokens(true), hasher(), cache).await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn no_token_is_read_for_a_password_that_cannot_be_chosen() {
    let wrong = PasswordReset { new_password: Some("password".into()), ..reset() };
    let accounts = Accounts::new(&dependencies(&FakeStore::untouched()));
    let result = accounts.reset_password.execute(wrong, a_caller()).await;
    assert_eq!(faults(result), [fault("new_password", ViolationCode::CommonPassword)]);
}
