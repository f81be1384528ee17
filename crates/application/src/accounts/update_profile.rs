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
    user_change::{UserChange, change_user},
};

/// Changes the settings that a patch names.
pub struct UpdateProfile {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
}

impl UpdateProfile {
    /// The user after the changes. Where nothing changes, nothing is written, the time of the last
    /// change included.
    pub async fn execute(&self, user: UserId, patch: UserPatch) -> Result<User> {
        let patch = patch.validate()?;
        change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                let locked = work.users().lock(user).await?.ok_or(Error::InvalidToken)?;
                let changed = patch.apply(locked.clone(), self.clock.now());
                if changed == locked {
                    // The lock counts a version for a change, and this one is none.
                    let unchanged = User { version: locked.version - 1, ..locked };
                    return Ok(UserChange::Rollback(unchanged));
                }
                work.users().update(&changed).await?;
                Ok(UserChange::Commit { user, minimum: changed.version, value: changed })
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        contact_patch::Change, ports::MockUserCache, time_zone::TimeZone, validation::ViolationCode,
    };

    use super::*;
    use crate::testing::{Ended, FakeStore, ada, broken, clock, fault, faults, invalidating, locked_ada, now};

    fn to_warsaw() -> UserPatch {
        UserPatch { time_zone: Change::Set("Europe/Warsaw".into()), ..UserPatch::default() }
    }

    fn in_warsaw() -> User {
        User { time_zone: TimeZone::parse("Europe/Warsaw").unwrap(), updated_at: now(), ..locked_ada() }
    }

    fn update_profile(store: &Arc<FakeStore>, user_cache: Arc<MockUserCache>) -> UpdateProfile {
        UpdateProfile { store: store.clone(), user_cache, clock: clock() }
    }

    /// Where nothing is invalidated.
    async fn execute(store: &Arc<FakeStore>, patch: UserPatch) -> Result<User> {
        update_profile(store, Arc::new(MockUserCache::new())).execute(ada().id, patch).await
    }

    #[tokio::test]
    async fn the_changed_user_is_written_and_older_copies_are_invalid_once_that_is_committed() {
        let store = FakeStore::writing(|work| {
            work.expect_lock(Some(locked_ada()));
            work.expect_update(in_warsaw());
        });
        let cache = invalidating(&store, in_warsaw().version, [Ended::Committed]);
        let user = update_profile(&store, cache).execute(ada().id, to_warsaw()).await.unwrap();
        assert_eq!(user, in_warsaw());
    }

    #[tokio::test]
    async fn nothing_is_written_or_invalidated_when_nothing_changes() {
        let store = FakeStore::writing(|work| {
            work.expect_lock(Some(locked_ada()));
        });
        let patch = UserPatch { time_zone: Change::Set("UTC".into()), ..UserPatch::default() };
        let user = execute(&store, patch).await.unwrap();
        assert_eq!(user, ada());
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_transaction_begins_when_the_patch_is_not_valid() {
        let patch = UserPatch { language: Change::Clear, ..to_warsaw() };
        let result = execute(&FakeStore::untouched(), patch).await;
        assert_eq!(faults(result), [fault("language", ViolationCode::Required)]);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_account_is_gone() {
        let store = FakeStore::writing(|work| {
            work.expect_lock(None);
        });
        let result = execute(&store, to_warsaw()).await;
        assert!(matches!(result, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_invalidated_when_the_user_cannot_be_written() {
        let store = FakeStore::writing(|work| {
            work.expect_lock(Some(locked_ada()));
            work.users.expect_update().times(1).returning(|_| Err(broken()));
        });
        let result = execute(&store, to_warsaw()).await;
        assert!(matches!(result, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn older_copies_are_not_believed_any_more_although_the_answer_to_the_commit_was_lost() {
        let store = FakeStore::writing(|work| {
            work.expect_lock(Some(locked_ada()));
            work.users.expect_update().times(1).returning(|_| Ok(()));
            work.commit_fails = true;
        });
        let cache = invalidating(&store, in_warsaw().version, [Ended::Unknown]);
        let result = update_profile(&store, cache).execute(ada().id, to_warsaw()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn nothing_is_invalidated_while_the_database_is_unavailable() {
        let store = FakeStore::unreachable();
        let result = execute(&store, to_warsaw()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
