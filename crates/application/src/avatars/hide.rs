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
    transaction::{Outcome, in_transaction},
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
        let changed = in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let locked = work.users().lock(user).await?.ok_or(Error::InvalidToken)?;
                if locked.avatar.is_none() {
                    return Ok(Outcome::Rollback(None));
                }
                work.avatars().hide(user).await?;
                let changed = User { avatar: None, updated_at: self.clock.now(), ..locked };
                work.users().update(&changed).await?;
                Ok(Outcome::Commit(Some(changed)))
            })
        })
        .await?;
        if let Some(user) = changed {
            self.user_cache.invalidate(user.id, user.version).await;
            self.sweep.try_now().await;
        }
        Ok(())
    }
}
