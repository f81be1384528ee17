//! Asking for another address.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    ids::MailId,
    mail::{MailOrder, MailSubject},
    ports::{Clock, IdGenerator, UnitOfWorkFactory},
    session::CurrentUser,
};

use super::{password_check::PasswordCheck, requests::EmailChange};
use crate::{
    Result,
    audit::Auditor,
    transaction::{Outcome, in_transaction},
};

/// Sends a link to the new address, which counts once the link was followed. The present address is told.
pub struct ChangeEmail {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_check: PasswordCheck,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) auditor: Auditor,
}

impl ChangeEmail {
    /// Whether somebody else has the address already is only told to whoever reads its mail.
    pub async fn execute(&self, current: &CurrentUser, change: EmailChange, caller: Caller) -> Result<()> {
        let (new_address, password) = change.validate()?;
        self.password_check.pass(current, &password, &caller).await?;
        let now = self.clock.now();
        let (id, address) = (current.user.id, current.user.email.clone());
        let order = |subject| MailOrder { id: MailId::new(self.ids.next()), subject, created_at: now };
        let link = order(MailSubject::ConfirmNewEmail { user: id, new_address: new_address.clone() });
        let notice = order(MailSubject::EmailChangeRequested { user: id, address, new_address });
        let event = self.auditor.event(AuditKind::EmailChangeRequested, Some(id), Some(current.session), Some(&caller));
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                work.outbox().order(&link).await?;
                work.outbox().order(&notice).await?;
                work.audit().record(&event).await?;
                Ok(Outcome::Commit(()))
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        ports::{MockPasswordHasher, Verification},
        validation::{ValidationErrors, ViolationCode},
    };

    use super::*;
    use crate::{
        Dependencies, Error,
        accounts::Accounts,
        testing::{
            Ended, FakeStore, FakeUnitOfWork, a_caller, a_hash, a_session, ada, another_address, broken, current_ada,
            dependencies, fault, faults, transaction, verifying,
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

    fn orders() -> FakeUnitOfWork {
        transaction(|work| {
            work.expect_mail(link());
            work.expect_mail(notice());
            work.expect_audit(AuditKind::EmailChangeRequested, Some(ada().id), Some(a_session().id));
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

    async fn execute(store: &Arc<FakeStore>, hasher: MockPasswordHasher, change: EmailChange) -> Result<()> {
        let dependencies = Dependencies { password_hasher: Arc::new(hasher), ..dependencies(store) };
        Accounts::new(&dependencies).change_email.execute(&current_ada(), change, a_caller()).await
    }

    fn comparing(verification: Verification) -> MockPasswordHasher {
        verifying("analytical engine", Some("$hash"), verification)
    }

    #[tokio::test]
    async fn a_link_goes_to_the_new_address_and_a_notice_to_the_present_one_and_nothing_changes_yet() {
        let store = store(orders());
        assert!(execute(&store, comparing(Verification::Right), change()).await.is_ok());
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn no_mail_is_ordered_when_the_password_is_wrong() {
        let failed = transaction(|work| {
            work.expect_audit(AuditKind::LoginFailed, Some(ada().id), Some(a_session().id));
        });
        let result = execute(&store(failed), comparing(Verification::Wrong), change()).await;
        assert!(matches!(result, Err(Error::WrongPassword)));
    }

    #[tokio::test]
    async fn no_password_is_compared_when_the_address_is_not_valid() {
        let wrong = EmailChange { new_email: Some("ada".into()), ..change() };
        let result = execute(&FakeStore::untouched(), MockPasswordHasher::new(), wrong).await;
        assert_eq!(faults(result), [fault("new_email", ViolationCode::InvalidEmail)]);
    }

    #[tokio::test]
    async fn no_link_is_ordered_without_its_notice() {
        let store = store(transaction(|work| {
            work.outbox.expect_order().times(1).withf(|order| order.subject == link()).returning(|_| Ok(()));
            work.outbox.expect_order().times(1).withf(|order| order.subject == notice()).returning(|_| Err(broken()));
        }));
        let result = execute(&store, comparing(Verification::Right), change()).await;
        assert!(matches!(result, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_link_is_promised_when_the_commit_fails() {
        let mut work = orders();
        work.commit_fails = true;
        let result = execute(&store(work), comparing(Verification::Right), change()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
