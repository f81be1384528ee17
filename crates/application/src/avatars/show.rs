//! Showing a picture.

use std::sync::Arc;

use contacts_domain::{
    avatar::{Avatar, AvatarFormat, AvatarUpload},
    ids::AvatarId,
    ports::{AvatarPipeline, AvatarStore, Clock, IdGenerator, UnitOfWorkFactory, UserCache},
    session::CurrentUser,
    user::User,
};

use super::SweepAvatars;
use crate::{
    Error, Result,
    transaction::{Outcome, in_transaction},
    user_change::{UserChange, change_user},
};

/// Gives a user a picture, in place of the one before.
pub struct ShowAvatar {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) pipeline: Arc<dyn AvatarPipeline>,
    pub(super) avatars: Arc<dyn AvatarStore>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) sweep: SweepAvatars,
}

impl ShowAvatar {
    /// The user with the new picture. The picture is noted, then stored, then shown, and only then the one
    /// before is removed: whatever fails on the way, the user still shows the old one, and what was stored
    /// in vain is known.
    pub async fn execute(&self, current: &CurrentUser, upload: Vec<u8>) -> Result<User> {
        let image = self.pipeline.process(upload).await?;
        let user = current.user.id;
        let id = AvatarId::new(self.ids.next());
        let record = AvatarUpload { id, user, format: image.format, started_at: self.clock.now() };
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                work.avatars().begin(&record).await?;
                Ok(Outcome::Commit(()))
            })
        })
        .await?;
        let location = self.avatars.store(id, &image).await?;
        let shown = change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                let Some(locked) = work.users().lock(user).await? else {
                    return Ok(UserChange::Rollback(Err(Error::InvalidToken)));
                };
                if !work.avatars().show(user, id).await? {
                    let late = Error::Unavailable("the upload took so long that it was swept away".into());
                    return Ok(UserChange::Rollback(Err(late)));
                }
                let changed = User { avatar: Some(Avatar { id, location }), updated_at: self.clock.now(), ..locked };
                work.users().update(&changed).await?;
                Ok(UserChange::Commit { user, minimum: changed.version, value: Ok(changed) })
            })
        })
        .await?;
        let user = match shown {
            Ok(user) => user,
            Err(refused) => {
                self.remove_again(id, image.format).await;
                return Err(refused);
            }
        };
        self.sweep.try_now().await;
        Ok(user)
    }

    /// Removes what was stored and is certainly shown by nobody. No sweep may find it any more: one that came
    /// before it was stored has forgotten it. Where it is not certain, as after a commit that failed, the upload
    /// is still known, and a sweep decides.
    async fn remove_again(&self, id: AvatarId, format: AvatarFormat) {
        if let Err(error) = self.avatars.remove(id, format).await {
            let error: &(dyn std::error::Error + 'static) = &error;
            tracing::warn!(avatar = %id, error, "a picture that nobody shows could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        avatar::AvatarImage,
        ports::{MockAvatarPipeline, MockAvatarStore, MockUserCache, PipelineError, StoreError},
    };
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        Dependencies,
        avatars::Avatars,
        testing::{
            Ended, FakeStore, FakeUnitOfWork, ada, an_avatar, broken, current_ada, dependencies, invalidating,
            locked_ada, now, transaction,
        },
    };

    fn image() -> AvatarImage {
        AvatarImage { format: AvatarFormat::Png, bytes: vec![1, 2, 3] }
    }

    /// Makes the sample picture of the upload.
    fn pipeline() -> MockAvatarPipeline {
        let mut pipeline = MockAvatarPipeline::new();
        pipeline.expect_process().times(1).with(eq(vec![9])).returning(|_| Ok(image()));
        pipeline
    }

    /// Stores the picture once, under the first id there is.
    fn avatars() -> MockAvatarStore {
        let mut avatars = MockAvatarStore::new();
        let store = avatars.expect_store().times(1).with(eq(an_avatar(1).id), eq(image()));
        store.returning(|_, _| Ok(an_avatar(1).location));
        avatars
    }

    fn begins() -> FakeUnitOfWork {
        let record = AvatarUpload { id: an_avatar(1).id, user: ada().id, format: AvatarFormat::Png, started_at: now() };
        transaction(|work| {
            work.avatars.expect_begin().times(1).with(eq(record)).returning(|_| Ok(()));
        })
    }

    /// Expects that the upload is shown, and says whether it was still known.
    fn expect_show(work: &mut FakeUnitOfWork, known: bool) {
        work.expect_lock(Some(User { avatar: Some(an_avatar(7)), ..locked_ada() }));
        let show = work.avatars.expect_show().times(1).with(eq(ada().id), eq(an_avatar(1).id));
        show.returning(move |_, _| Ok(known));
    }

    fn shown() -> User {
        User { avatar: Some(an_avatar(1)), updated_at: now(), ..locked_ada() }
    }

    fn shows() -> FakeUnitOfWork {
        transaction(|work| {
            expect_show(work, true);
            work.expect_update(shown());
        })
    }

    fn sweeps(fails: bool) -> FakeUnitOfWork {
        transaction(|work| {
            let find = work.avatars.expect_abandoned().times(1);
            find.returning(move |_, _| if fails { Err(broken()) } else { Ok(vec![]) });
        })
    }

    async fn execute(
        store: &Arc<FakeStore>,
        pipeline: MockAvatarPipeline,
        avatars: MockAvatarStore,
        user_cache: Arc<MockUserCache>,
    ) -> Result<User> {
        let (avatar_pipeline, avatar_store) = (Arc::new(pipeline), Arc::new(avatars));
        let dependencies = Dependencies { avatar_pipeline, avatar_store, user_cache, ..dependencies(store) };
        Avatars::new(&dependencies).show.execute(&current_ada(), vec![9]).await
    }

    /// Where nothing is invalidated.
    async fn refused(store: &Arc<FakeStore>, avatars: MockAvatarStore) -> Error {
        execute(store, pipeline(), avatars, Arc::new(MockUserCache::new())).await.unwrap_err()
    }

    #[tokio::test]
    async fn the_upload_is_noted_stored_shown_and_the_one_before_is_swept_even_if_that_fails() {
        for fails in [false, true] {
            let store = FakeStore::writing_in_turn([begins(), shows(), sweeps(fails)]);
            let cache = invalidating(&store, shown().version, [Ended::Committed, Ended::Committed, Ended::NeverBegun]);
            let user = execute(&store, pipeline(), avatars(), cache).await.unwrap();
            assert_eq!(user, shown());
            let swept = if fails { Ended::RolledBack } else { Ended::Committed };
            assert_eq!(store.endings(), [Ended::Committed, Ended::Committed, swept]);
        }
    }

    #[tokio::test]
    async fn the_picture_is_stored_outside_of_any_transaction() {
        let store = FakeStore::writing_in_turn([begins(), shows(), sweeps(false)]);
        let (mut avatars, seen) = (MockAvatarStore::new(), store.watch());
        avatars.expect_store().times(1).returning(move |_, _| {
            assert_eq!(seen(), [Ended::Committed, Ended::NeverBegun, Ended::NeverBegun]);
            Ok(an_avatar(1).location)
        });
        let endings = [Ended::Committed, Ended::Committed, Ended::NeverBegun];
        let cache = invalidating(&store, shown().version, endings);
        assert!(execute(&store, pipeline(), avatars, cache).await.is_ok());
    }

    #[tokio::test]
    async fn nothing_is_noted_of_what_is_no_picture() {
        let mut pipeline = MockAvatarPipeline::new();
        pipeline.expect_process().times(1).returning(|_| Err(PipelineError::Unsupported));
        let (store, cache) = (FakeStore::untouched(), Arc::new(MockUserCache::new()));
        let result = execute(&store, pipeline, MockAvatarStore::new(), cache).await;
        assert!(matches!(result, Err(Error::UnsupportedImage)));
    }

    #[tokio::test]
    async fn nothing_is_stored_that_could_not_be_noted() {
        let mut work = begins();
        work.commit_fails = true;
        let store = FakeStore::writing_in_turn([work]);
        assert!(matches!(refused(&store, MockAvatarStore::new()).await, Error::Unavailable(_)));
    }

    #[tokio::test]
    async fn a_store_that_fails_leaves_the_picture_before() {
        let store = FakeStore::writing_in_turn([begins()]);
        let mut avatars = MockAvatarStore::new();
        avatars.expect_store().times(1).returning(|_, _| Err(StoreError::Unavailable("refused".into())));
        assert!(matches!(refused(&store, avatars).await, Error::Unavailable(_)));
        assert_eq!(store.ended(), Ended::Committed);
    }

    /// Expects that what was stored is removed, outside of any transaction, and says whether it was.
    fn expect_removal(
        avatars: &mut MockAvatarStore,
        store: &FakeStore,
        removed: fn() -> std::result::Result<(), StoreError>,
    ) {
        let (remove, seen) = (avatars.expect_remove().times(1), store.watch());
        remove.with(eq(an_avatar(1).id), eq(AvatarFormat::Png)).returning(move |_, _| {
            assert_eq!(seen(), [Ended::Committed, Ended::RolledBack]);
            removed()
        });
    }

    /// What became of the upload, where no user shows it and the store removes it again, or does not.
    async fn in_vain(shows: impl Fn(&mut FakeUnitOfWork), expected: fn(&Error) -> bool) {
        let removals: [fn() -> _; 2] = [|| Ok(()), || Err(StoreError::Unavailable("refused".into()))];
        for removed in removals {
            let store = FakeStore::writing_in_turn([begins(), transaction(&shows)]);
            let mut avatars = avatars();
            expect_removal(&mut avatars, &store, removed);
            let error = refused(&store, avatars).await;
            assert!(expected(&error), "{error:?}");
        }
    }

    #[tokio::test]
    async fn an_upload_that_was_swept_away_is_not_shown_and_removed_again() {
        in_vain(|work| expect_show(work, false), |error| matches!(error, Error::Unavailable(_))).await;
    }

    #[tokio::test]
    async fn nothing_is_shown_when_the_account_is_gone_and_what_was_stored_is_removed_again() {
        in_vain(|work| work.expect_lock(None), |error| matches!(error, Error::InvalidToken)).await;
    }

    #[tokio::test]
    async fn what_was_stored_stays_known_and_is_left_to_the_sweep_when_the_database_fails() {
        let fails = transaction(|work| {
            work.expect_lock(Some(locked_ada()));
            work.avatars.expect_show().times(1).returning(|_, _| Err(broken()));
        });
        let store = FakeStore::writing_in_turn([begins(), fails]);
        assert!(matches!(refused(&store, avatars()).await, Error::Internal(_)));
        assert_eq!(store.endings(), [Ended::Committed, Ended::RolledBack]);
    }

    #[tokio::test]
    async fn older_copies_are_not_believed_and_nothing_is_swept_or_removed_when_the_answer_to_the_commit_is_lost() {
        let mut work = shows();
        work.commit_fails = true;
        let store = FakeStore::writing_in_turn([begins(), work]);
        let cache = invalidating(&store, locked_ada().version, [Ended::Committed, Ended::Unknown]);
        let result = execute(&store, pipeline(), avatars(), cache).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
