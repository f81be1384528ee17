//! Taking a label away.

use std::sync::Arc;

use contacts_domain::{
    ids::UserId,
    labels::LabelKey,
    ports::{Clock, UnitOfWorkFactory},
};

use super::relabel::relabel;
use crate::{
    Result,
    transaction::{Outcome, in_transaction},
};

/// Takes a label away from all contacts of a user.
pub struct DeleteLabel {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
}

impl DeleteLabel {
    /// `NotFound` where no contact has it.
    pub async fn execute(&self, owner: UserId, label: &str) -> Result<()> {
        let key = LabelKey::of(label);
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                relabel(work, &*self.clock, owner, &key, None).await?;
                Ok(Outcome::Commit(()))
            })
        })
        .await
    }
}
