//! Asking somebody who is logged in for their password once more.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    password::{Password, PasswordHash},
    ports::{PasswordHasher, UnitOfWorkFactory, Verification},
    session::CurrentUser,
};

use crate::{
    Error, Result,
    audit::Auditor,
    limits::LoginLimits,
    transaction::{Outcome, in_transaction},
};

/// Checks a password as a login does, as often as a login may be tried: a stolen access token must not be a
/// way to guess it. Each session has a limit of its own, so that a stolen one does not keep its owner out.
#[derive(Clone)]
pub(super) struct PasswordCheck {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_hasher: Arc<dyn PasswordHasher>,
    pub(super) limits: LoginLimits,
    pub(super) auditor: Auditor,
}

impl PasswordCheck {
    /// The hash that the password was compared with, where it is right.
    pub(super) async fn pass(
        &self,
        current: &CurrentUser,
        password: &Password,
        caller: &Caller,
    ) -> Result<PasswordHash> {
        let user = &current.user;
        self.limits.admit_session(current.session).await?;
        let hash = self.store.read().users().find_password_hash(user.id).await?.ok_or(Error::InvalidToken)?;
        match self.password_hasher.verify(password, Some(&hash)).await? {
            Verification::Right | Verification::Outdated => {
                self.limits.forgive_session(current.session).await;
                Ok(hash)
            }
            Verification::Wrong => {
                let event =
                    self.auditor.event(AuditKind::LoginFailed, Some(user.id), Some(current.session), Some(caller));
                in_transaction(&*self.store, |work| {
                    Box::pin(async move {
                        work.audit().record(&event).await?;
                        Ok(Outcome::Commit(()))
                    })
                })
                .await?;
                Err(Error::WrongPassword)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        ports::{HasherError, MockPasswordHasher, MockRateLimiter},
        rate_limit::RateKey,
    };
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        Dependencies, Policy,
        limits::RateLimits,
        testing::{
            Ended, FakeStore, FakeUnitOfWork, a_caller, a_hash, a_limit, a_session, ada, broken, current_ada,
            dependencies, limiter, policy, refusing, transaction, verifying,
        },
    };

    /// A store that has this hash of Ada's password, and is written to like this.
    fn store<const N: usize>(hash: Option<PasswordHash>, works: [FakeUnitOfWork; N]) -> Arc<FakeStore> {
        FakeStore::reading_and_writing(
            |reads| {
                let find = reads.users.expect_find_password_hash().times(1).with(eq(ada().id));
                find.return_once(|_| Ok(hash));
            },
            works,
        )
    }

    /// Expects the entry of a wrong password alone.
    fn fails() -> FakeUnitOfWork {
        transaction(|work| work.expect_audit(AuditKind::LoginFailed, Some(ada().id), Some(a_session().id)))
    }

    fn comparing(verification: Verification) -> MockPasswordHasher {
        verifying("analytical engine", Some("$hash"), verification)
    }

    /// Whatever address a stolen token is used from.
    fn bucket() -> RateKey {
        RateKey::PasswordIn(a_session().id)
    }

    async fn pass(
        store: &Arc<FakeStore>,
        hasher: MockPasswordHasher,
        limiter: MockRateLimiter,
    ) -> Result<PasswordHash> {
        let rate_limits = RateLimits { login: Some(a_limit()), ..RateLimits::default() };
        let dependencies = Dependencies {
            rate_limiter: Arc::new(limiter),
            policy: Policy { rate_limits, ..policy() },
            ..dependencies(store)
        };
        let check = PasswordCheck {
            store: store.clone(),
            password_hasher: Arc::new(hasher),
            limits: LoginLimits::new(&dependencies),
            auditor: Auditor { clock: dependencies.clock.clone(), ids: dependencies.ids.clone() },
        };
        check.pass(&current_ada(), &Password::attempt("analytical engine"), &a_caller()).await
    }

    #[tokio::test]
    async fn the_right_password_passes_and_gives_back_what_it_took() {
        for verification in [Verification::Right, Verification::Outdated] {
            let mut limiter = limiter([(bucket(), a_limit())]);
            limiter.expect_give_back().times(1).with(eq(bucket()), eq(a_limit())).return_const(());
            let hash = pass(&store(Some(a_hash()), []), comparing(verification), limiter).await.unwrap();
            assert_eq!(hash, a_hash());
        }
    }

    #[tokio::test]
    async fn a_wrong_password_counts_and_is_audited() {
        let store = store(Some(a_hash()), [fails()]);
        let result = pass(&store, comparing(Verification::Wrong), limiter([(bucket(), a_limit())])).await;
        assert!(matches!(result, Err(Error::WrongPassword)));
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn nothing_is_compared_when_it_was_tried_too_often() {
        let mut limiter = MockRateLimiter::new();
        refusing(&mut limiter, bucket(), a_limit());
        let result = pass(&FakeStore::untouched(), MockPasswordHasher::new(), limiter).await;
        let Err(Error::RateLimited { retry_after }) = result else { panic!("{result:?}") };
        assert_eq!(retry_after.as_secs(), 7);
    }

    #[tokio::test]
    async fn nothing_is_compared_when_the_account_is_gone() {
        let result = pass(&store(None, []), MockPasswordHasher::new(), limiter([(bucket(), a_limit())])).await;
        assert!(matches!(result, Err(Error::InvalidToken)));
    }

    #[tokio::test]
    async fn nobody_passes_while_the_hasher_is_busy() {
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_verify().times(1).returning(|_, _| Err(HasherError::Busy));
        let result = pass(&store(Some(a_hash()), []), hasher, limiter([(bucket(), a_limit())])).await;
        assert!(matches!(result, Err(Error::Busy)));
    }

    #[tokio::test]
    async fn nobody_learns_that_a_password_is_wrong_where_that_cannot_be_audited() {
        let silent = transaction(|work| {
            work.audit.expect_record().times(1).returning(|_| Err(broken()));
        });
        let store = store(Some(a_hash()), [silent]);
        let result = pass(&store, comparing(Verification::Wrong), limiter([(bucket(), a_limit())])).await;
        assert!(matches!(result, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }
}
