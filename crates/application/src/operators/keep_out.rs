//! Keeping a user out, and letting them in again.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    ids::UserId,
    ports::{Clock, UnitOfWorkFactory, UserCache},
};

use crate::{
    Error, Result,
    audit::Auditor,
    user_change::{UserChange, change_user},
};

/// Disables and enables accounts. Whose account is disabled can neither log in nor use a token; their contacts stay.
pub struct KeepOut {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) auditor: Auditor,
}

impl KeepOut {
    /// Ends every session, and lets no other begin.
    pub async fn disable(&self, id: UserId) -> Result<()> {
        self.set(id, true, AuditKind::AccountDisabled).await
    }

    /// Lets the user log in again.
    pub async fn enable(&self, id: UserId) -> Result<()> {
        self.set(id, false, AuditKind::AccountEnabled).await
    }

    async fn set(&self, id: UserId, disabled: bool, kind: AuditKind) -> Result<()> {
        change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                let user = work.users().lock(id).await?.ok_or(Error::NotFound)?;
                work.users().set_disabled(id, disabled).await?;
                if disabled {
                    work.sessions().revoke_all(id, None, self.clock.now()).await?;
                }
                work.audit().record(&self.auditor.event(kind, Some(id), None, None)).await?;
                Ok(UserChange::Commit { user: id, minimum: user.version, value: () })
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::ports::MockUserCache;
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        Dependencies,
        operators::Operators,
        testing::{Ended, FakeStore, ada, dependencies, invalidating, now},
    };

    fn operators(store: &Arc<FakeStore>, cache: Arc<MockUserCache>) -> Operators {
        Operators::new(&Dependencies { user_cache: cache, ..dependencies(store) })
    }

    #[tokio::test]
    async fn who_is_disabled_loses_every_session() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(Some(ada())));
            work.users.expect_set_disabled().times(1).with(eq(ada().id), eq(true)).returning(|_, _| Ok(()));
            let revoke = work.sessions.expect_revoke_all().times(1);
            revoke.with(eq(ada().id), eq(None), eq(now())).returning(|_, _, _| Ok(1));
            work.expect_audit_of_operator(AuditKind::AccountDisabled, ada().id);
        });
        let cache = invalidating(&store, ada().version, [Ended::Committed]);
        operators(&store, cache).keep_out.disable(ada().id).await.unwrap();
    }

    #[tokio::test]
    async fn who_is_enabled_may_begin_sessions_again() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(Some(ada())));
            work.users.expect_set_disabled().times(1).with(eq(ada().id), eq(false)).returning(|_, _| Ok(()));
            work.expect_audit_of_operator(AuditKind::AccountEnabled, ada().id);
        });
        let cache = invalidating(&store, ada().version, [Ended::Committed]);
        operators(&store, cache).keep_out.enable(ada().id).await.unwrap();
    }

    #[tokio::test]
    async fn an_account_that_is_gone_is_not_found() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(None));
        });
        let result = operators(&store, Arc::new(MockUserCache::new())).keep_out.disable(ada().id).await;
        assert!(matches!(result, Err(Error::NotFound)));
    }
}
