//! Listing what was deleted.

use std::sync::Arc;

use contacts_domain::{
    cursor,
    ids::UserId,
    page::{Page, Slice},
    ports::UnitOfWorkFactory,
    trash::{TrashListRequest, TrashedContact},
};

use crate::Result;

/// Lists the contacts in a user's trash.
pub struct ListTrash {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl ListTrash {
    /// One page, what was deleted last first.
    pub async fn execute(&self, owner: UserId, request: TrashListRequest) -> Result<Page<TrashedContact>> {
        let (query, scope) = request.validate(owner)?;
        let Slice { items, next } = self.store.read().contacts().trash(owner, &query).await?;
        Ok(Page { items, next_cursor: next.map(|position| cursor::encode(scope, &position)) })
    }
}
