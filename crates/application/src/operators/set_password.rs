//! Giving an account another password.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    ids::{MailId, UserId},
    link::LinkPurpose,
    mail::{MailOrder, MailSubject},
    password::Password,
    ports::{Clock, IdGenerator, PasswordHasher, UnitOfWorkFactory, UserCache},
    validation::ValidationErrors,
};

use crate::{
    Error, Result,
    audit::Auditor,
    user_change::{UserChange, change_user},
};

/// Sets a password without a link. The user is told by mail, as of every change of a password.
pub struct SetPassword {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_hasher: Arc<dyn PasswordHasher>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) auditor: Auditor,
}

impl SetPassword {
    /// Ends every session. The same rules hold as for a password that the user chooses.
    pub async fn execute(&self, id: UserId, password: &str) -> Result<()> {
        let mut errors = ValidationErrors::new();
        let Some(password) = errors.check("password", Password::choose(password)) else { return Err(errors.into()) };
        let password_hash = self.password_hasher.hash(&password).await?;
        change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                let now = self.clock.now();
                let user = work.users().lock(id).await?.ok_or(Error::NotFound)?;
                work.users().set_password_hash(id, &password_hash).await?;
                work.sessions().revoke_all(id, None, now).await?;
                for purpose in [LinkPurpose::ResetPassword, LinkPurpose::ConfirmNewEmail] {
                    work.links().close_all(id, purpose, now).await?;
                }
                let subject = MailSubject::PasswordChanged { user: id };
                let notice = MailOrder { id: MailId::new(self.ids.next()), subject, created_at: now };
                work.outbox().order(&notice).await?;
                work.audit().record(&self.auditor.event(AuditKind::PasswordReset, Some(id), None, None)).await?;
                Ok(UserChange::Commit { user: id, minimum: user.version, value: () })
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::ports::{MockPasswordHasher, MockUserCache};
    use mockall::predicate::{always, eq};

    use super::*;
    use crate::{
        Dependencies,
        operators::Operators,
        testing::{Ended, FakeStore, ada, dependencies, hashing, invalidating, now},
    };

    async fn set(
        store: &Arc<FakeStore>,
        hasher: MockPasswordHasher,
        cache: Arc<MockUserCache>,
        password: &str,
    ) -> Result<()> {
        let dependencies = Dependencies { password_hasher: Arc::new(hasher), user_cache: cache, ..dependencies(store) };
        Operators::new(&dependencies).set_password.execute(ada().id, password).await
    }

    #[tokio::test]
    async fn the_password_is_another_one_and_whatever_the_former_opened_is_closed() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(Some(ada())));
            let hash = work.users.expect_set_password_hash().times(1);
            hash.withf(|id, hash| *id == ada().id && hash.expose() == "$hash").returning(|_, _| Ok(()));
            let revoke = work.sessions.expect_revoke_all().times(1);
            revoke.with(eq(ada().id), eq(None), eq(now())).returning(|_, _, _| Ok(1));
            let close = work.links.expect_close_all().times(2);
            close.with(eq(ada().id), always(), eq(now())).returning(|_, _, _| Ok(()));
            work.expect_mail(MailSubject::PasswordChanged { user: ada().id });
            work.expect_audit_of_operator(AuditKind::PasswordReset, ada().id);
        });
        let cache = invalidating(&store, ada().version, [Ended::Committed]);
        let hasher = hashing("difference engine", "$hash");
        set(&store, hasher, cache, "difference engine").await.unwrap();
    }

    #[tokio::test]
    async fn a_password_that_nobody_may_choose_is_refused_before_anything_is_done() {
        let store = FakeStore::untouched();
        let result = set(&store, MockPasswordHasher::new(), Arc::new(MockUserCache::new()), "short").await;
        assert!(matches!(result, Err(Error::Invalid(_))));
    }

    #[tokio::test]
    async fn an_account_that_is_gone_is_not_found() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(None));
        });
        let hasher = hashing("difference engine", "$hash");
        let result = set(&store, hasher, Arc::new(MockUserCache::new()), "difference engine").await;
        assert!(matches!(result, Err(Error::NotFound)));
    }
}
