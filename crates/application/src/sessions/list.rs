//! Seeing where one is logged in.

use std::sync::Arc;

use contacts_domain::{
    ids::UserId,
    ports::{Clock, UnitOfWorkFactory},
    session::Session,
};

use crate::Result;

/// Lists a user's sessions that are alive.
pub struct ListSessions {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
}

impl ListSessions {
    /// The one used last comes first.
    pub async fn execute(&self, user: UserId) -> Result<Vec<Session>> {
        Ok(self.store.read().sessions().list(user, self.clock.now()).await?)
    }
}
