//! Emptying the trash.

use std::sync::Arc;

use contacts_domain::{address_book::Numbers, ids::UserId, ports::UnitOfWorkFactory};

use super::writing::lock;
use crate::{
    Result,
    transaction::{Outcome, in_transaction},
};

/// Forgets the details of everything in a user's trash.
pub struct EmptyTrash {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl EmptyTrash {
    /// An empty trash is emptied too.
    pub async fn execute(&self, owner: UserId) -> Result<()> {
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                // It takes no number, for the changes feed told the deletions already. The lock keeps those away
                // who restore meanwhile.
                lock(work, owner, Numbers { changes: 0, creations: 0 }).await?;
                work.contacts().empty_trash(owner).await?;
                Ok(Outcome::Commit(()))
            })
        })
        .await
    }
}
