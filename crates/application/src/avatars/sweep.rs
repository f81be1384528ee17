//! Removing pictures that nobody shows any more.

use std::sync::Arc;

use chrono::TimeDelta;
use contacts_domain::{
    ids::AvatarId,
    ports::{AvatarStore, Clock, StoreError, UnitOfWorkFactory},
};

use crate::{
    Dependencies, Result,
    transaction::{Outcome, in_transaction},
};

/// Uploads take seconds; one that began this long ago was cut off.
const UPLOAD_TIME: TimeDelta = TimeDelta::hours(1);
const BATCH: u32 = 50;
/// What a request removes, whose answer waits for that: the picture before, and one that was left over.
const REQUEST_BATCH: u32 = 2;

/// Removes what was stored and is not shown: the picture before, that of somebody who left, an upload that
/// was cut off. A picture is forgotten only after it is removed.
#[derive(Clone)]
pub struct SweepAvatars {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) avatars: Arc<dyn AvatarStore>,
    pub(super) clock: Arc<dyn Clock>,
}

impl SweepAvatars {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        let Dependencies { store, avatar_store, clock, .. } = dependencies;
        Self { store: store.clone(), avatars: avatar_store.clone(), clock: clock.clone() }
    }

    /// How many pictures were removed. One that the store will not remove does not keep the others; where
    /// the store is away, none is tried any more.
    pub async fn execute(&self) -> Result<usize> {
        self.sweep(BATCH).await
    }

    async fn sweep(&self, limit: u32) -> Result<usize> {
        let begun_before = self.clock.now() - UPLOAD_TIME;
        let abandoned = in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Commit(work.avatars().abandoned(begun_before, limit).await?)) })
        })
        .await?;
        let mut removed = 0;
        for avatar in &abandoned {
            match self.avatars.remove(avatar.id, avatar.format).await {
                Ok(()) => {
                    self.forget(avatar.id).await?;
                    removed += 1;
                }
                Err(error @ StoreError::Unavailable(_)) => return Err(error.into()),
                Err(error @ StoreError::Backend(_)) => {
                    let error: &(dyn std::error::Error + 'static) = &error;
                    tracing::warn!(avatar = %avatar.id, error, "a picture could not be removed");
                }
            }
        }
        Ok(removed)
    }

    async fn forget(&self, id: AvatarId) -> Result<()> {
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                work.avatars().forget(id).await?;
                Ok(Outcome::Commit(()))
            })
        })
        .await
    }

    /// Tries, for a request that has already succeeded and whose answer must not wait for long: what fails now, or
    /// is too much, is done by the next sweep.
    pub(crate) async fn try_now(&self) {
        if let Err(error) = self.sweep(REQUEST_BATCH).await {
            let error: &(dyn std::error::Error + 'static) = &error;
            tracing::warn!(error, "an old picture could not be removed yet");
        }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        avatar::{AbandonedAvatar, AvatarFormat},
        ports::MockAvatarStore,
    };
    use mockall::predicate::eq;
    use uuid::Uuid;

    use super::*;
    use crate::{
        Error,
        testing::{Ended, FakeStore, FakeUnitOfWork, broken, clock, now, transaction},
    };

    fn abandoned(number: u128) -> AbandonedAvatar {
        AbandonedAvatar { id: AvatarId::new(Uuid::from_u128(number)), format: AvatarFormat::Png }
    }

    /// Finds these pictures abandoned.
    fn finds<const N: usize>(numbers: [u128; N]) -> FakeUnitOfWork {
        finds_of(50, numbers)
    }

    /// Finds these pictures abandoned, where so many are asked for.
    fn finds_of<const N: usize>(limit: u32, numbers: [u128; N]) -> FakeUnitOfWork {
        transaction(|work| {
            let find = work.avatars.expect_abandoned().times(1).with(eq(now() - TimeDelta::hours(1)), eq(limit));
            find.returning(move |_, _| Ok(numbers.map(abandoned).to_vec()));
        })
    }

    fn forgets(number: u128) -> FakeUnitOfWork {
        transaction(|work| {
            work.avatars.expect_forget().times(1).with(eq(abandoned(number).id)).returning(|_| Ok(()));
        })
    }

    fn expect_remove(
        avatars: &mut MockAvatarStore,
        number: u128,
        removed: fn() -> std::result::Result<(), StoreError>,
    ) {
        let AbandonedAvatar { id, format } = abandoned(number);
        avatars.expect_remove().times(1).with(eq(id), eq(format)).returning(move |_, _| removed());
    }

    fn away() -> std::result::Result<(), StoreError> {
        Err(StoreError::Unavailable("refused".into()))
    }

    fn unwilling() -> std::result::Result<(), StoreError> {
        Err(StoreError::Backend("not permitted".into()))
    }

    async fn sweep(store: &Arc<FakeStore>, avatars: MockAvatarStore) -> Result<usize> {
        SweepAvatars { store: store.clone(), avatars: Arc::new(avatars), clock: clock() }.execute().await
    }

    #[tokio::test]
    async fn pictures_are_removed_outside_of_any_transaction_and_forgotten_afterwards() {
        let store = FakeStore::writing_in_turn([finds([1, 2]), forgets(1), forgets(2)]);
        let (mut avatars, seen) = (MockAvatarStore::new(), store.watch());
        avatars.expect_remove().times(2).returning(move |id, _| {
            let forgotten_before = if id == abandoned(1).id { Ended::NeverBegun } else { Ended::Committed };
            assert_eq!(seen(), [Ended::Committed, forgotten_before, Ended::NeverBegun]);
            Ok(())
        });
        assert_eq!(sweep(&store, avatars).await.unwrap(), 2);
        assert_eq!(store.endings(), [Ended::Committed; 3]);
    }

    #[tokio::test]
    async fn a_request_waits_for_the_removal_of_two_pictures_at_most() {
        let store = FakeStore::writing_in_turn([finds_of(2, [1, 2]), forgets(1), forgets(2)]);
        let mut avatars = MockAvatarStore::new();
        expect_remove(&mut avatars, 1, || Ok(()));
        expect_remove(&mut avatars, 2, || Ok(()));
        SweepAvatars { store: store.clone(), avatars: Arc::new(avatars), clock: clock() }.try_now().await;
        assert_eq!(store.endings(), [Ended::Committed; 3]);
    }

    #[tokio::test]
    async fn nothing_is_removed_when_nothing_is_abandoned() {
        let store = FakeStore::writing_in_turn([finds([])]);
        assert_eq!(sweep(&store, MockAvatarStore::new()).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn a_picture_is_not_forgotten_while_the_store_is_away_and_none_is_tried_any_more() {
        let store = FakeStore::writing_in_turn([finds([1, 2])]);
        let mut avatars = MockAvatarStore::new();
        expect_remove(&mut avatars, 1, away);
        assert!(matches!(sweep(&store, avatars).await, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn a_picture_that_cannot_be_removed_is_not_forgotten_and_does_not_keep_the_others() {
        let store = FakeStore::writing_in_turn([finds([1, 2]), forgets(2)]);
        let mut avatars = MockAvatarStore::new();
        expect_remove(&mut avatars, 1, unwilling);
        expect_remove(&mut avatars, 2, || Ok(()));
        assert_eq!(sweep(&store, avatars).await.unwrap(), 1);
        assert_eq!(store.endings(), [Ended::Committed; 2]);
    }

    #[tokio::test]
    async fn a_picture_that_was_removed_and_cannot_be_forgotten_comes_up_again() {
        let unforgettable = transaction(|work| {
            work.avatars.expect_forget().times(1).returning(|_| Err(broken()));
        });
        let store = FakeStore::writing_in_turn([finds([1]), unforgettable]);
        let mut avatars = MockAvatarStore::new();
        expect_remove(&mut avatars, 1, || Ok(()));
        assert!(matches!(sweep(&store, avatars).await, Err(Error::Internal(_))));
        assert_eq!(store.endings(), [Ended::Committed, Ended::RolledBack]);
    }
}
