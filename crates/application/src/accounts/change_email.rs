//! Asking for another address.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    ids::MailId,
    link::{Link, LinkPurpose},
    mail::{MailOrder, MailSubject},
    ports::{Clock, IdGenerator, LinkTokens, UnitOfWorkFactory, UserCache},
    session::CurrentUser,
};

use super::{password_check::PasswordCheck, requests::EmailChange};
use crate::{
    Error, Result,
    audit::Auditor,
    user_change::{UserChange, change_user},
};

/// Sends a link to the new address, which counts once the link was followed. The present address is told.
pub struct ChangeEmail {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_check: PasswordCheck,
    pub(super) link_tokens: Arc<dyn LinkTokens>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) auditor: Auditor,
}

impl ChangeEmail {
    /// Whether somebody else has the address already is only told to whoever reads its mail. Nothing is sent where
    /// too much was asked for lately: neither mailbox is there to be filled.
    pub async fn execute(&self, current: &CurrentUser, change: EmailChange, caller: Caller) -> Result<()> {
        let (new_address, password) = change.validate()?;
        let hash = self.password_check.pass(current, &password, &caller).await?;
        let now = self.clock.now();
        let id = current.user.id;
        let purpose = LinkPurpose::ConfirmNewEmail;
        let event = self.auditor.event(AuditKind::EmailChangeRequested, Some(id), Some(current.session), Some(&caller));
        change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                // Nothing of the user becomes another, but the lock takes a version.
                let user = work.users().lock(id).await?.ok_or(Error::InvalidToken)?;
                // The password may have been changed since it was checked.
                if !work.users().replace_password_hash(id, &hash, &hash).await? {
                    return Err(Error::WrongPassword);
                }
                work.audit().record(&event).await?;
                if !work.links().history(id, purpose, now).await?.permits_another() {
                    return Ok(UserChange::Commit { user: id, minimum: user.version, value: () });
                }
                // The link is noted before it is sent, so that a password that is changed meanwhile ends it.
                let mail = MailId::new(self.ids.next());
                let (_, hash) = self.link_tokens.issue(purpose, mail);
                let link = Link {
                    id: mail,
                    user: id,
                    purpose,
                    address: new_address.clone(),
                    hash,
                    created_at: now,
                    expires_at: None,
                    closed_at: None,
                };
                work.links().insert(&link).await?;
                let subject = MailSubject::ConfirmNewEmail { user: id, new_address: new_address.clone() };
                work.outbox().order(&MailOrder { id: mail, subject, created_at: now }).await?;
                let address = user.email.clone();
                let subject = MailSubject::EmailChangeRequested { user: id, address, new_address };
                let notice = MailOrder { id: MailId::new(self.ids.next()), subject, created_at: now };
                work.outbox().order(&notice).await?;
                Ok(UserChange::Commit { user: id, minimum: user.version, value: () })
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        email_address::EmailAddress,
        link::{LinkHash, LinkHistory, LinkToken},
        ports::{MockLinkTokens, MockPasswordHasher, MockUserCache, Verification},
        user::User,
        validation::{ValidationErrors, ViolationCode},
    };

    use super::*;
    use crate::{
        Dependencies,
        accounts::Accounts,
        testing::{
            Ended, FakeStore, FakeUnitOfWork, a_caller, a_hash, a_session, ada, another_address, broken, current_ada,
            dependencies, fault, faults, invalidating, locked_ada, transaction, verifying,
        },
    };

    fn change() -> EmailChange {
        EmailChange {
            new_email: Some(another_address().as_str().into()),
            password: Some("analytical engine".into()),
            errors: ValidationErrors::new(),
        }
    }

    fn link() -> MailSubject {
        MailSubject::ConfirmNewEmail { user: ada().id, new_address: another_address() }
    }

    fn notice() -> MailSubject {
        let (user, address) = (ada().id, ada().email);
        MailSubject::EmailChangeRequested { user, address, new_address: another_address() }
    }

    fn tokens() -> MockLinkTokens {
        let mut tokens = MockLinkTokens::new();
        let issued = |_, _| (LinkToken::new("token".into()), LinkHash([7; 32]));
        tokens.expect_issue().withf(|purpose, _| *purpose == LinkPurpose::ConfirmNewEmail).returning(issued);
        tokens
    }

    /// Expects the entry of the audit log, and a look at what was sent lately.
    fn expect_history(work: &mut FakeUnitOfWork, history: LinkHistory) {
        work.expect_audit(AuditKind::EmailChangeRequested, Some(ada().id), Some(a_session().id));
        let look = work.links.expect_history().times(1);
        look.withf(|user, purpose, _| (*user, *purpose) == (ada().id, LinkPurpose::ConfirmNewEmail))
            .returning(move |_, _, _| Ok(history));
    }

    /// Expects that the link is noted, which nobody can use before it is sent.
    fn expect_link(work: &mut FakeUnitOfWork) {
        expect_history(work, LinkHistory::default());
        let note = work.links.expect_insert().times(1);
        note.withf(|link| (link.user, &link.address, link.expires_at) == (ada().id, &another_address(), None))
            .returning(|_| Ok(()));
    }

    fn orders() -> FakeUnitOfWork {
        transaction(|work| {
            work.expect_lock_and_password(true);
            expect_link(work);
            work.expect_mail(link());
            work.expect_mail(notice());
        })
    }

    fn store(work: FakeUnitOfWork) -> Arc<FakeStore> {
        FakeStore::reading_and_writing(
            |reads| {
                reads.users.expect_find_password_hash().times(1).returning(|_| Ok(Some(a_hash())));
            },
            [work],
        )
    }

    async fn execute(
        store: &Arc<FakeStore>,
        hasher: MockPasswordHasher,
        user_cache: Arc<MockUserCache>,
        change: EmailChange,
    ) -> Result<()> {
        let dependencies = Dependencies {
            password_hasher: Arc::new(hasher),
            link_tokens: Arc::new(tokens()),
            user_cache,
            ..dependencies(store)
        };
        Accounts::new(&dependencies).change_email.execute(&current_ada(), change, a_caller()).await
    }

    /// Where nothing is invalidated.
    async fn refused(store: &Arc<FakeStore>, verification: Verification) -> Error {
        let cache = Arc::new(MockUserCache::new());
        execute(store, comparing(verification), cache, change()).await.unwrap_err()
    }

    fn comparing(verification: Verification) -> MockPasswordHasher {
        verifying("analytical engine", Some("$hash"), verification)
    }

    #[tokio::test]
    async fn a_link_goes_to_the_new_address_and_a_notice_to_the_present_one_and_nothing_changes_yet() {
        let store = store(orders());
        // The lock took a version.
        let cache = invalidating(&store, locked_ada().version, [Ended::Committed]);
        assert!(execute(&store, comparing(Verification::Right), cache, change()).await.is_ok());
    }

    #[tokio::test]
    async fn no_mail_is_ordered_when_the_password_is_wrong() {
        let failed = transaction(|work| {
            work.expect_audit(AuditKind::LoginFailed, Some(ada().id), Some(a_session().id));
        });
        assert!(matches!(refused(&store(failed), Verification::Wrong).await, Error::WrongPassword));
    }

    #[tokio::test]
    async fn no_mail_is_ordered_when_the_password_was_changed_meanwhile() {
        let store = store(transaction(|work| work.expect_lock_and_password(false)));
        assert!(matches!(refused(&store, Verification::Right).await, Error::WrongPassword));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_mail_is_ordered_when_the_account_is_gone() {
        let store = store(transaction(|work| work.expect_lock(None)));
        assert!(matches!(refused(&store, Verification::Right).await, Error::InvalidToken));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_notice_goes_to_the_address_that_the_account_has_by_then() {
        let address = EmailAddress::parse("countess@example.com").unwrap();
        let moved = User { email: address.clone(), ..locked_ada() };
        let store = store(transaction(|work| {
            work.expect_lock(Some(moved));
            work.users.expect_replace_password_hash().times(1).returning(|_, _, _| Ok(true));
            expect_link(work);
            work.expect_mail(link());
            let (user, new_address) = (ada().id, another_address());
            work.expect_mail(MailSubject::EmailChangeRequested { user, address, new_address });
        }));
        let cache = invalidating(&store, locked_ada().version, [Ended::Committed]);
        assert!(execute(&store, comparing(Verification::Right), cache, change()).await.is_ok());
    }

    #[tokio::test]
    async fn no_password_is_compared_when_the_address_is_not_valid() {
        let wrong = EmailChange { new_email: Some("ada".into()), ..change() };
        let (store, cache) = (FakeStore::untouched(), Arc::new(MockUserCache::new()));
        let result = execute(&store, MockPasswordHasher::new(), cache, wrong).await;
        assert_eq!(faults(result), [fault("new_email", ViolationCode::InvalidEmail)]);
    }

    #[tokio::test]
    async fn no_link_is_ordered_without_its_notice() {
        let store = store(transaction(|work| {
            work.expect_lock_and_password(true);
            expect_link(work);
            work.outbox.expect_order().times(1).withf(|order| order.subject == link()).returning(|_| Ok(()));
            work.outbox.expect_order().times(1).withf(|order| order.subject == notice()).returning(|_| Err(broken()));
        }));
        assert!(matches!(refused(&store, Verification::Right).await, Error::Internal(_)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn neither_mailbox_gets_more_than_a_link_may_be_sent() {
        for history in [LinkHistory { last_minute: 1, last_hour: 1 }, LinkHistory { last_minute: 0, last_hour: 5 }] {
            let store = store(transaction(|work| {
                work.expect_lock_and_password(true);
                expect_history(work, history);
            }));
            let cache = invalidating(&store, locked_ada().version, [Ended::Committed]);
            assert!(execute(&store, comparing(Verification::Right), cache, change()).await.is_ok());
        }
    }

    #[tokio::test]
    async fn no_link_is_promised_and_no_older_copy_believed_when_the_answer_to_the_commit_is_lost() {
        let mut work = orders();
        work.commit_fails = true;
        let store = store(work);
        let cache = invalidating(&store, locked_ada().version, [Ended::Unknown]);
        let result = execute(&store, comparing(Verification::Right), cache, change()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
