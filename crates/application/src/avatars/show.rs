//! Showing a picture.

use std::sync::Arc;

use contacts_domain::{
    avatar::{Avatar, AvatarUpload},
    ids::AvatarId,
    ports::{AvatarPipeline, AvatarStore, Clock, IdGenerator, UnitOfWorkFactory, UserCache},
    session::CurrentUser,
    user::User,
};

use super::SweepAvatars;
use crate::{
    Error, Result,
    transaction::{Outcome, in_transaction},
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
        let user = in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let locked = work.users().lock(user).await?.ok_or(Error::InvalidToken)?;
                if !work.avatars().show(user, id).await? {
                    return Err(Error::Unavailable("the upload took so long that it was swept away".into()));
                }
                let changed = User { avatar: Some(Avatar { id, location }), updated_at: self.clock.now(), ..locked };
                work.users().update(&changed).await?;
                Ok(Outcome::Commit(changed))
            })
        })
        .await?;
        self.user_cache.invalidate(user.id, user.version).await;
        self.sweep.try_now().await;
        Ok(user)
    }
}
