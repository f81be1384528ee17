//! Taking an address for verified, because an operator knows it is.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    ids::UserId,
    ports::{Clock, UnitOfWorkFactory, UserCache},
    user::User,
};

use crate::{
    Error, Result,
    audit::Auditor,
    user_change::{UserChange, change_user},
};

/// Verifies the address of an account without a link.
pub struct VerifyAccount {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) auditor: Auditor,
}

impl VerifyAccount {
    /// `false`, and nothing happens, where it is verified already.
    pub async fn execute(&self, id: UserId) -> Result<bool> {
        change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                let user = work.users().lock(id).await?.ok_or(Error::NotFound)?;
                if user.email_verified {
                    return Ok(UserChange::Rollback(false));
                }
                let user = User { email_verified: true, updated_at: self.clock.now(), ..user };
                work.users().update(&user).await?;
                work.audit().record(&self.auditor.event(AuditKind::EmailVerified, Some(id), None, None)).await?;
                Ok(UserChange::Commit { user: id, minimum: user.version, value: true })
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::ports::MockUserCache;

    use super::*;
    use crate::{
        Dependencies,
        operators::Operators,
        testing::{Ended, FakeStore, ada, dependencies, invalidating, now},
    };

    async fn verify(store: &Arc<FakeStore>, cache: Arc<MockUserCache>) -> Result<bool> {
        let dependencies = Dependencies { user_cache: cache, ..dependencies(store) };
        Operators::new(&dependencies).verify.execute(ada().id).await
    }

    #[tokio::test]
    async fn an_address_is_verified_and_who_keeps_copies_is_told() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(Some(ada())));
            let verified = User { email_verified: true, updated_at: now(), ..ada() };
            work.users.expect_update().times(1).withf(move |user| *user == verified).returning(|_| Ok(()));
            work.expect_audit_of_operator(AuditKind::EmailVerified, ada().id);
        });
        let cache = invalidating(&store, ada().version, [Ended::Committed]);
        assert!(verify(&store, cache).await.unwrap());
    }

    #[tokio::test]
    async fn what_is_verified_stays_as_it_is() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(Some(User { email_verified: true, ..ada() })));
        });
        assert!(!verify(&store, Arc::new(MockUserCache::new())).await.unwrap());
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn an_account_that_is_gone_is_not_found() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(None));
        });
        assert!(matches!(verify(&store, Arc::new(MockUserCache::new())).await, Err(Error::NotFound)));
    }
}
