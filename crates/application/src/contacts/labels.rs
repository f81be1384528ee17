//! Listing labels.

use std::sync::Arc;

use contacts_domain::{ids::UserId, labels::LabelCount, ports::UnitOfWorkFactory};

use crate::Result;

/// Lists the labels that a user's contacts have.
pub struct ListLabels {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl ListLabels {
    /// All of them, each with how many contacts have it.
    pub async fn execute(&self, owner: UserId) -> Result<Vec<LabelCount>> {
        Ok(self.store.read().contacts().labels(owner).await?)
    }
}
