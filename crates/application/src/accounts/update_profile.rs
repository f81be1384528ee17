//! Changing one's own settings.

use std::sync::Arc;

use contacts_domain::{
    ids::UserId,
    ports::{Clock, UnitOfWorkFactory, UserCache},
    user::User,
    user_patch::UserPatch,
};

use crate::{
    Error, Result,
    transaction::{Outcome, in_transaction},
};

/// Changes the settings that a patch names.
pub struct UpdateProfile {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
}

/// What became of the user whom the transaction locked.
enum Profile {
    Unchanged(User),
    Changed(User),
}

impl UpdateProfile {
    /// The user after the changes. Where nothing changes, nothing is written, the time of the last
    /// change included.
    pub async fn execute(&self, user: UserId, patch: UserPatch) -> Result<User> {
        let patch = patch.validate()?;
        let profile = in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let locked = work.users().lock(user).await?.ok_or(Error::InvalidToken)?;
                let changed = patch.apply(locked.clone(), self.clock.now());
                if changed == locked {
                    // The lock counts a version for a change, and this one is none.
                    let unchanged = User { version: locked.version - 1, ..locked };
                    return Ok(Outcome::Rollback(Profile::Unchanged(unchanged)));
                }
                work.users().update(&changed).await?;
                Ok(Outcome::Commit(Profile::Changed(changed)))
            })
        })
        .await?;
        match profile {
            Profile::Unchanged(user) => Ok(user),
            Profile::Changed(user) => {
                // Only now: before the commit the version before is still the right one.
                self.user_cache.invalidate(user.id, user.version).await;
                Ok(user)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        contact_patch::Change, ports::MockUserCache, time_zone::TimeZone, validation::ViolationCode,
    };
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{Ended, FakeStore, ada, broken, clock, fault, faults, now};

    fn to_warsaw() -> UserPatch {
        UserPatch { time_zone: Change::Set("Europe/Warsaw".into()), ..UserPatch::default() }
    }

    /// Ada as the lock returns her: with the version that she will have.
    fn locked() -> User {
        User { version: ada().version + 1, ..ada() }
    }

    fn in_warsaw() -> User {
        User { time_zone: TimeZone::parse("Europe/Warsaw").unwrap(), updated_at: now(), ..locked() }
    }

    fn update_profile(store: &Arc<FakeStore>, cache: MockUserCache) -> UpdateProfile {
        UpdateProfile { store: store.clone(), user_cache: Arc::new(cache), clock: clock() }
    }

    #[tokio::test]
    async fn the_changed_user_is_written_and_remembered_once_that_is_committed() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).with(eq(ada().id)).returning(|_| Ok(Some(locked())));
            work.users.expect_update().times(1).with(eq(in_warsaw())).returning(|_| Ok(()));
        });
        let mut cache = MockUserCache::new();
        let ended = store.watch();
        cache.expect_put().times(1).with(eq(in_warsaw())).returning(move |_| assert_eq!(ended(), Ended::Committed));
        let user = update_profile(&store, cache).execute(ada().id, to_warsaw()).await.unwrap();
        assert_eq!(user, in_warsaw());
    }

    #[tokio::test]
    async fn nothing_is_written_or_remembered_when_nothing_changes() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(Some(locked())));
            work.users.expect_update().never();
        });
        let patch = UserPatch { time_zone: Change::Set("UTC".into()), ..UserPatch::default() };
        let user = update_profile(&store, MockUserCache::new()).execute(ada().id, patch).await.unwrap();
        assert_eq!(user, ada());
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_transaction_begins_when_the_patch_is_not_valid() {
        let patch = UserPatch { language: Change::Clear, ..to_warsaw() };
        let result = update_profile(&FakeStore::untouched(), MockUserCache::new()).execute(ada().id, patch).await;
        assert_eq!(faults(result), [fault("language", ViolationCode::Required)]);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_account_is_gone() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(None));
            work.users.expect_update().never();
        });
        let result = update_profile(&store, MockUserCache::new()).execute(ada().id, to_warsaw()).await;
        assert!(matches!(result, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_remembered_when_the_user_cannot_be_written() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(Some(locked())));
            work.users.expect_update().times(1).returning(|_| Err(broken()));
        });
        let result = update_profile(&store, MockUserCache::new()).execute(ada().id, to_warsaw()).await;
        assert!(matches!(result, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_remembered_when_the_commit_fails() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Ok(Some(locked())));
            work.users.expect_update().times(1).returning(|_| Ok(()));
            work.commit_fails = true;
        });
        let result = update_profile(&store, MockUserCache::new()).execute(ada().id, to_warsaw()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn nothing_is_remembered_while_the_database_is_unavailable() {
        let store = FakeStore::unreachable();
        let result = update_profile(&store, MockUserCache::new()).execute(ada().id, to_warsaw()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
