use contacts_domain::{
    email_address::EmailAddress,
    ports::{MockLinkTokens, MockUserCache, RepositoryError, UniqueKey},
    validation::{ValidationErrors, ViolationCode},
};
use mockall::predicate::eq;

use super::*;
use crate::{
    Dependencies,
    accounts::Accounts,
    testing::{
        Ended, FakeStore, FakeUnitOfWork, a_caller, a_link, ada, another_address, dependencies, fault, faults,
        invalidating, locked_ada, now, transaction,
    },
};

/// Reads the sample link of this purpose, and of none of the others.
fn tokens(made_for: Option<LinkPurpose>) -> MockLinkTokens {
    let mut tokens = MockLinkTokens::new();
    tokens.expect_read().returning(move |purpose, token| {
        let link = a_link(purpose);
        (token == "token" && made_for == Some(purpose)).then_some((link.id, link.hash))
    });
    tokens
}

async fn execute(
    store: &Arc<FakeStore>,
    made_for: Option<LinkPurpose>,
    user_cache: Arc<MockUserCache>,
    request: LinkRequest,
) -> Result<()> {
    let link_tokens = Arc::new(tokens(made_for));
    let dependencies = Dependencies { link_tokens, user_cache, ..dependencies(store) };
    Accounts::new(&dependencies).verify_email.execute(request, a_caller()).await
}

fn request() -> LinkRequest {
    LinkRequest { token: Some("token".into()), errors: ValidationErrors::new() }
}

/// Where nothing is invalidated.
async fn refused(store: &Arc<FakeStore>, made_for: Option<LinkPurpose>) -> Error {
    execute(store, made_for, Arc::new(MockUserCache::new()), request()).await.unwrap_err()
}

/// Expects that the sample link is used up for this user, when it was sent to this address.
fn expect_redeem(work: &mut FakeUnitOfWork, purpose: LinkPurpose, sent_to: EmailAddress, user: User) {
    let link = Link { address: sent_to, ..a_link(purpose) };
    work.expect_find_link(link.id, Some(link.clone()));
    work.expect_lock(Some(user));
    let consume = work.links.expect_consume().times(1);
    consume.with(eq(link.id), eq(purpose), eq(link.hash), eq(now())).return_once(|_, _, _, _| Ok(Some(link)));
}

fn verified() -> User {
    User { email_verified: true, updated_at: now(), ..locked_ada() }
}

fn verifies() -> FakeUnitOfWork {
    transaction(|work| {
        expect_redeem(work, LinkPurpose::VerifyEmail, ada().email, locked_ada());
        work.expect_update(verified());
        work.expect_audit(AuditKind::EmailVerified, Some(ada().id), None);
    })
}

fn moved() -> User {
    User { email: another_address(), ..verified() }
}

/// Expects the change of the address, but for what is written last.
fn expect_move(work: &mut FakeUnitOfWork) {
    expect_redeem(work, LinkPurpose::ConfirmNewEmail, another_address(), locked_ada());
    let (user, address) = (ada().id, ada().email);
    work.expect_mail(MailSubject::EmailChanged { user, address, new_address: another_address() });
    for purpose in [LinkPurpose::VerifyEmail, LinkPurpose::ResetPassword] {
        let close = work.links.expect_close_all().times(1);
        close.with(eq(user), eq(purpose), eq(now())).returning(|_, _, _| Ok(()));
    }
}

fn moves() -> FakeUnitOfWork {
    transaction(|work| {
        expect_move(work);
        work.expect_update(moved());
        work.expect_audit(AuditKind::EmailChanged, Some(ada().id), None);
    })
}

#[tokio::test]
async fn the_address_is_verified_and_older_copies_are_invalid_once_that_is_committed() {
    let store = FakeStore::writing_in_turn([verifies()]);
    let cache = invalidating(&store, verified().version, [Ended::Committed]);
    assert!(execute(&store, Some(LinkPurpose::VerifyEmail), cache, request()).await.is_ok());
}

#[tokio::test]
async fn the_new_address_takes_the_place_of_the_former_which_is_told_and_whose_links_stop_working() {
    let store = FakeStore::writing_in_turn([moves()]);
    let cache = invalidating(&store, moved().version, [Ended::Committed]);
    assert!(execute(&store, Some(LinkPurpose::ConfirmNewEmail), cache, request()).await.is_ok());
}

#[tokio::test]
async fn a_link_to_choose_a_password_verifies_nothing() {
    for made_for in [None, Some(LinkPurpose::ResetPassword)] {
        assert!(matches!(refused(&FakeStore::untouched(), made_for).await, Error::InvalidLink));
    }
}

#[tokio::test]
async fn nothing_is_verified_by_a_link_that_was_sent_to_a_former_address() {
    let store = FakeStore::writing(|work| {
        let moved_since = User { email: another_address(), ..locked_ada() };
        expect_redeem(work, LinkPurpose::VerifyEmail, ada().email, moved_since);
    });
    assert!(matches!(refused(&store, Some(LinkPurpose::VerifyEmail)).await, Error::InvalidLink));
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn nothing_changes_when_somebody_else_has_the_new_address_by_now() {
    let store = FakeStore::writing(|work| {
        expect_move(work);
        let update = work.users.expect_update().times(1).with(eq(moved()));
        update.returning(|_| Err(RepositoryError::Conflict(UniqueKey::UserEmail)));
    });
    assert!(matches!(refused(&store, Some(LinkPurpose::ConfirmNewEmail)).await, Error::EmailTaken));
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn nothing_is_asked_without_a_token() {
    let cache = Arc::new(MockUserCache::new());
    let result = execute(&FakeStore::untouched(), None, cache, LinkRequest::default()).await;
    assert_eq!(faults(result), [fault("token", ViolationCode::Required)]);
}

#[tokio::test]
async fn older_copies_are_not_believed_any_more_although_the_answer_to_the_commit_was_lost() {
    for (mut work, purpose) in [(verifies(), LinkPurpose::VerifyEmail), (moves(), LinkPurpose::ConfirmNewEmail)] {
        work.commit_fails = true;
        let store = FakeStore::writing_in_turn([work]);
        let cache = invalidating(&store, locked_ada().version, [Ended::Unknown]);
        assert!(matches!(execute(&store, Some(purpose), cache, request()).await, Err(Error::Unavailable(_))));
    }
}

#[tokio::test]
async fn the_database_may_be_unavailable() {
    let error = refused(&FakeStore::unreachable(), Some(LinkPurpose::VerifyEmail)).await;
    assert!(matches!(error, Error::Unavailable(_)));
}
