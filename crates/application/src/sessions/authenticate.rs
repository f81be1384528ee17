//! Knowing who sends a request.

use std::sync::Arc;

use contacts_domain::{
    ports::{Clock, TokenCodec, UnitOfWorkFactory, UserCache},
    session::{CachedUser, CurrentUser},
};

use crate::{Error, Result};

/// Finds the user whom an access token was given to.
pub struct Authenticate {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) tokens: Arc<dyn TokenCodec>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Authenticate {
    /// The user and their session, as they are or were a moment ago. Where the cache knows neither, the
    /// database is asked: the check is never left out.
    pub async fn execute(&self, access_token: &str) -> Result<CurrentUser> {
        // Before anything is read: what is cached is at least as fresh as this.
        let now = self.clock.now();
        let claims = self.tokens.verify_access(access_token, now)?;
        let (user, session) = (claims.user, claims.session);
        if let Some(cached) = self.user_cache.get(user, session).await
            && cached.is_fresh(now)
            // Whoever was given this token knows a newer version already.
            && cached.current.user.version >= claims.version
        {
            return Ok(cached.current);
        }
        let current = self.store.read().sessions().find_current(user, session, now).await?;
        let current = current.ok_or(Error::InvalidToken)?;
        self.user_cache.put(&CachedUser { current: current.clone(), read_at: now }).await;
        Ok(current)
    }
}
