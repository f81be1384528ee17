//! Following what changes in an address book.

use std::sync::Arc;

use contacts_domain::{
    change_feed::{Change, Changes, ChangesRequest, SyncToken},
    ids::UserId,
    ports::UnitOfWorkFactory,
};

use crate::{Error, Result};

/// A page of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesPage {
    pub items: Vec<Change>,
    /// Asks for what comes behind this page.
    pub next: SyncToken,
    /// Whether something comes behind it already.
    pub more: bool,
}

/// Tells what changed in a user's address book.
pub struct FollowChanges {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl FollowChanges {
    /// The next changes in their order, or everything where the client has no token yet.
    pub async fn execute(&self, owner: UserId, request: ChangesRequest) -> Result<ChangesPage> {
        let (since, limit) = request.validate()?;
        let changes = self.store.read().contacts().changes(owner, since.map(|token| token.seq), limit).await?;
        // Every account has a book.
        let Changes { items, more, history } = changes.ok_or(Error::InvalidToken)?;
        if since.is_some_and(|token| !history.knows(token)) {
            return Err(Error::SyncTokenExpired);
        }
        let begun = since.map_or(0, |token| token.seq);
        let seq = items.last().map_or(begun, |change| change.seq);
        Ok(ChangesPage { items, next: SyncToken { epoch: history.epoch, seq }, more })
    }
}
