//! Showing no picture any more.

use std::sync::Arc;

use contacts_domain::{
    ids::UserId,
    ports::{Clock, UnitOfWorkFactory, UserCache},
    user::User,
};

use super::SweepAvatars;
use crate::{
    Error, Result,
    user_change::{UserChange, change_user},
};

/// Takes a user's picture away.
pub struct HideAvatar {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) sweep: SweepAvatars,
}

impl HideAvatar {
    /// Succeeds where there is none.
    pub async fn execute(&self, user: UserId) -> Result<()> {
        let hidden = change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                let locked = work.users().lock(user).await?.ok_or(Error::InvalidToken)?;
                if locked.avatar.is_none() {
                    return Ok(UserChange::Rollback(false));
                }
                work.avatars().hide(user).await?;
                let changed = User { avatar: None, updated_at: self.clock.now(), ..locked };
                work.users().update(&changed).await?;
                Ok(UserChange::Commit { user, minimum: changed.version, value: true })
            })
        })
        .await?;
        if hidden {
            self.sweep.try_now().await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::ports::MockUserCache;
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        Dependencies,
        avatars::Avatars,
        testing::{
            Ended, FakeStore, FakeUnitOfWork, ada, an_avatar, broken, dependencies, invalidating, locked_ada, now,
            transaction,
        },
    };

    fn with_picture() -> User {
        User { avatar: Some(an_avatar(1)), ..locked_ada() }
    }

    fn hides() -> FakeUnitOfWork {
        transaction(|work| {
            work.expect_lock(Some(with_picture()));
            work.avatars.expect_hide().times(1).with(eq(ada().id)).returning(|_| Ok(true));
            work.expect_update(User { updated_at: now(), ..locked_ada() });
        })
    }

    async fn execute(store: &Arc<FakeStore>, user_cache: Arc<MockUserCache>) -> Result<()> {
        let dependencies = Dependencies { user_cache, ..dependencies(store) };
        Avatars::new(&dependencies).hide.execute(ada().id).await
    }

    /// Where nothing is invalidated.
    async fn hide(store: &Arc<FakeStore>) -> Result<()> {
        execute(store, Arc::new(MockUserCache::new())).await
    }

    #[tokio::test]
    async fn the_picture_is_hidden_older_copies_are_invalid_once_that_is_committed_and_a_sweep_follows() {
        let sweep = transaction(|work| {
            work.avatars.expect_abandoned().times(1).returning(|_, _| Ok(vec![]));
        });
        let store = FakeStore::writing_in_turn([hides(), sweep]);
        let cache = invalidating(&store, locked_ada().version, [Ended::Committed, Ended::NeverBegun]);
        assert!(execute(&store, cache).await.is_ok());
        assert_eq!(store.endings(), [Ended::Committed; 2]);
    }

    #[tokio::test]
    async fn a_sweep_that_fails_does_not_fail_the_request() {
        let sweep = transaction(|work| {
            work.avatars.expect_abandoned().times(1).returning(|_, _| Err(broken()));
        });
        let store = FakeStore::writing_in_turn([hides(), sweep]);
        let cache = invalidating(&store, locked_ada().version, [Ended::Committed, Ended::NeverBegun]);
        assert!(execute(&store, cache).await.is_ok());
    }

    #[tokio::test]
    async fn nothing_is_written_or_invalidated_when_there_is_no_picture() {
        let store = FakeStore::writing(|work| work.expect_lock(Some(locked_ada())));
        assert!(hide(&store).await.is_ok());
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_hidden_when_the_account_is_gone() {
        let store = FakeStore::writing(|work| work.expect_lock(None));
        assert!(matches!(hide(&store).await, Err(Error::InvalidToken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn older_copies_are_not_believed_and_nothing_is_swept_when_the_answer_to_the_commit_is_lost() {
        let mut work = hides();
        work.commit_fails = true;
        let store = FakeStore::writing_in_turn([work]);
        let cache = invalidating(&store, locked_ada().version, [Ended::Unknown]);
        assert!(matches!(execute(&store, cache).await, Err(Error::Unavailable(_))));
    }
}
