//! Handing out everything that a user wrote.

use std::sync::Arc;

use contacts_domain::{
    contact::Contact,
    ids::{ContactId, UserId},
    ports::UnitOfWorkFactory,
};

use crate::Result;

/// Hands out a user's contacts, piece by piece.
pub struct ExportContacts {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl ExportContacts {
    /// How many contacts a piece holds: as many as a batch takes back.
    pub const CHUNK: u32 = contacts_domain::batch::MAX_OPERATIONS as u32;

    /// The next contacts by id, from behind `after` on. Fewer than [`CHUNK`](Self::CHUNK) are the last.
    pub async fn execute(&self, owner: UserId, after: Option<ContactId>) -> Result<Vec<Contact>> {
        Ok(self.store.read().contacts().by_id(owner, after, Self::CHUNK).await?)
    }
}
