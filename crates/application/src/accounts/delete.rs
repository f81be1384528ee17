//! Leaving, and taking everything along.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    ports::{GONE, UnitOfWorkFactory, UserCache},
    session::CurrentUser,
};

use super::{password_check::PasswordCheck, requests::AccountDeletion};
use crate::{
    Error, Result,
    audit::Auditor,
    avatars::SweepAvatars,
    user_change::{UserChange, change_user},
};

/// Deletes an account with its contacts, sessions, links and pictures. The audit log keeps that it existed. A
/// picture that cannot be removed now is removed by a later sweep.
pub struct DeleteAccount {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_check: PasswordCheck,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) auditor: Auditor,
    pub(super) sweep: SweepAvatars,
}

impl DeleteAccount {
    /// Nothing of it can be taken back.
    ///
    /// # Errors
    ///
    /// [`WrongPassword`](Error::WrongPassword); [`RateLimited`](Error::RateLimited) where it was tried too often in
    /// this session; [`InvalidToken`](Error::InvalidToken) where the account is gone already;
    /// [`Invalid`](Error::Invalid), [`Busy`](Error::Busy).
    pub async fn execute(&self, current: &CurrentUser, request: AccountDeletion, caller: Caller) -> Result<()> {
        let password = request.validate()?;
        let hash = self.password_check.pass(current, &password, &caller).await?;
        let id = current.user.id;
        let event = self.auditor.event(AuditKind::AccountDeleted, Some(id), Some(current.session), Some(&caller));
        change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                work.users().lock(id).await?.ok_or(Error::InvalidToken)?;
                // The password may have been changed since it was checked.
                if !work.users().replace_password_hash(id, &hash, &hash).await? {
                    return Err(Error::WrongPassword);
                }
                work.avatars().hide(id).await?;
                work.audit().record(&event).await?;
                if !work.users().delete(id).await? {
                    return Err(Error::InvalidToken);
                }
                Ok(UserChange::Commit { user: id, minimum: GONE, value: () })
            })
        })
        .await?;
        self.sweep.try_now().await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        ports::{MockPasswordHasher, MockUserCache, Verification},
        user::User,
        validation::{ValidationErrors, ViolationCode},
    };
    use mockall::{Sequence, predicate::eq};

    use super::*;
    use crate::{
        Dependencies,
        accounts::Accounts,
        testing::{
            Ended, FakeStore, FakeUnitOfWork, a_caller, a_hash, a_session, ada, broken, current_ada, dependencies,
            fault, faults, invalidating, transaction, verifying,
        },
    };

    fn request() -> AccountDeletion {
        AccountDeletion { password: Some("analytical engine".into()), errors: ValidationErrors::new() }
    }

    fn store(work: FakeUnitOfWork) -> Arc<FakeStore> {
        store_in_turn([work])
    }

    fn store_in_turn(works: impl IntoIterator<Item = FakeUnitOfWork>) -> Arc<FakeStore> {
        FakeStore::reading_and_writing(
            |reads| {
                reads.users.expect_find_password_hash().times(1).returning(|_| Ok(Some(a_hash())));
            },
            works,
        )
    }

    /// Expects that everything of Ada is given up in this order, and says whether she was still there.
    fn deletes(there: bool) -> FakeUnitOfWork {
        transaction(|work| {
            work.expect_lock_and_password(true);
            let mut order = Sequence::new();
            let abandon = work.avatars.expect_hide().times(1).in_sequence(&mut order).with(eq(ada().id));
            abandon.returning(|_| Ok(true));
            let delete = work.users.expect_delete().times(1).in_sequence(&mut order).with(eq(ada().id));
            delete.returning(move |_| Ok(there));
            work.expect_audit(AuditKind::AccountDeleted, Some(ada().id), Some(a_session().id));
        })
    }

    fn comparing(verification: Verification) -> MockPasswordHasher {
        verifying("analytical engine", Some("$hash"), verification)
    }

    async fn execute(
        store: &Arc<FakeStore>,
        hasher: MockPasswordHasher,
        user_cache: Arc<MockUserCache>,
        request: AccountDeletion,
    ) -> Result<()> {
        let password_hasher = Arc::new(hasher);
        let dependencies = Dependencies { password_hasher, user_cache, ..dependencies(store) };
        Accounts::new(&dependencies).delete.execute(&current_ada(), request, a_caller()).await
    }

    /// With the right password, where nothing is invalidated.
    async fn refused(store: &Arc<FakeStore>) -> Error {
        let cache = Arc::new(MockUserCache::new());
        execute(store, comparing(Verification::Right), cache, request()).await.unwrap_err()
    }

    #[tokio::test]
    async fn the_account_goes_no_copy_is_believed_once_that_is_committed_and_its_pictures_are_swept_away() {
        let sweep = transaction(|work| {
            work.avatars.expect_abandoned().times(1).returning(|_, _| Ok(vec![]));
        });
        let store = store_in_turn([deletes(true), sweep]);
        let cache = invalidating(&store, GONE, [Ended::Committed, Ended::NeverBegun]);
        assert!(execute(&store, comparing(Verification::Right), cache, request()).await.is_ok());
        assert_eq!(store.endings(), [Ended::Committed; 2]);
    }

    #[tokio::test]
    async fn a_sweep_that_fails_does_not_bring_the_account_back() {
        let sweep = transaction(|work| {
            work.avatars.expect_abandoned().times(1).returning(|_, _| Err(broken()));
        });
        let store = store_in_turn([deletes(true), sweep]);
        let cache = invalidating(&store, GONE, [Ended::Committed, Ended::NeverBegun]);
        assert!(execute(&store, comparing(Verification::Right), cache, request()).await.is_ok());
    }

    #[tokio::test]
    async fn nothing_is_deleted_when_the_password_is_wrong() {
        let failed = transaction(|work| {
            work.expect_audit(AuditKind::LoginFailed, Some(ada().id), Some(a_session().id));
        });
        let (store, cache) = (store(failed), Arc::new(MockUserCache::new()));
        let result = execute(&store, comparing(Verification::Wrong), cache, request()).await;
        assert!(matches!(result, Err(Error::WrongPassword)));
    }

    #[tokio::test]
    async fn nothing_is_compared_without_a_password() {
        let (store, cache) = (FakeStore::untouched(), Arc::new(MockUserCache::new()));
        let result = execute(&store, MockPasswordHasher::new(), cache, AccountDeletion::default()).await;
        assert_eq!(faults(result), [fault("password", ViolationCode::Required)]);
    }

    #[tokio::test]
    async fn an_account_that_is_gone_already_is_not_deleted_again() {
        let gone = store(transaction(|work| work.expect_lock(None::<User>)));
        for store in [gone, store(deletes(false))] {
            assert!(matches!(refused(&store).await, Error::InvalidToken));
            assert_eq!(store.ended(), Ended::RolledBack);
        }
    }

    #[tokio::test]
    async fn nothing_is_deleted_when_the_password_was_changed_meanwhile() {
        let store = store(transaction(|work| {
            work.expect_lock_and_password(false);
        }));
        assert!(matches!(refused(&store).await, Error::WrongPassword));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_deleted_when_the_pictures_cannot_be_abandoned() {
        let store = store(transaction(|work| {
            work.expect_lock_and_password(true);
            work.avatars.expect_hide().times(1).returning(|_| Err(broken()));
        }));
        assert!(matches!(refused(&store).await, Error::Internal(_)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_copy_is_believed_any_more_although_the_answer_to_the_commit_was_lost() {
        let mut work = deletes(true);
        work.commit_fails = true;
        let store = store(work);
        let cache = invalidating(&store, GONE, [Ended::Unknown]);
        let result = execute(&store, comparing(Verification::Right), cache, request()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
