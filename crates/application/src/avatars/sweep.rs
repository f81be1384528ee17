//! Removing pictures that nobody shows any more.

use std::sync::Arc;

use chrono::TimeDelta;
use contacts_domain::ports::{AvatarStore, Clock, UnitOfWorkFactory};

use crate::{
    Dependencies, Result,
    transaction::{Outcome, in_transaction},
};

/// Uploads take seconds; one that began this long ago was cut off.
const UPLOAD_TIME: TimeDelta = TimeDelta::hours(1);
const BATCH: u32 = 50;

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

    /// How many pictures were removed.
    pub async fn execute(&self) -> Result<usize> {
        let begun_before = self.clock.now() - UPLOAD_TIME;
        let abandoned = in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Commit(work.avatars().abandoned(begun_before, BATCH).await?)) })
        })
        .await?;
        for avatar in &abandoned {
            self.avatars.remove(avatar.id, avatar.format).await?;
            in_transaction(&*self.store, |work| {
                Box::pin(async move {
                    work.avatars().forget(avatar.id).await?;
                    Ok(Outcome::Commit(()))
                })
            })
            .await?;
        }
        Ok(abandoned.len())
    }

    /// Tries, for a request that has already succeeded: what fails now is done by the next sweep.
    pub(crate) async fn try_now(&self) {
        if let Err(error) = self.execute().await {
            let error: &(dyn std::error::Error + 'static) = &error;
            tracing::warn!(error, "an old picture could not be removed yet");
        }
    }
}
