//! Renaming a label.

use std::sync::Arc;

use contacts_domain::{
    ids::UserId,
    labels::{LabelChange, LabelCount, LabelKey},
    ports::{Clock, RepositoryResult, UnitOfWork, UnitOfWorkFactory},
};

use super::relabel::{CHUNK, Relabelled, relabel};
use crate::{
    Result,
    transaction::{Outcome, in_transaction},
};

/// Gives a label another name, or another spelling, in all contacts of a user.
pub struct RenameLabel {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
}

impl RenameLabel {
    /// The new label, and how many contacts have it: also those that had it before, with which these become one.
    /// `NotFound` where no contact has the old one.
    pub async fn execute(&self, owner: UserId, label: &str, change: LabelChange) -> Result<LabelCount> {
        let renamed = change.validate()?;
        let key = LabelKey::of(label);
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let Relabelled { found, changed } = relabel(work, &*self.clock, owner, &key, Some(&renamed)).await?;
                let contacts = if renamed.key() == key { found } else { count(work, owner, &renamed.key()).await? };
                let label = LabelCount { label: renamed, contacts };
                Ok(if changed > 0 { Outcome::Commit(label) } else { Outcome::Rollback(label) })
            })
        })
        .await
    }
}

/// How many contacts have a label, as this transaction sees it.
async fn count(work: &mut dyn UnitOfWork, owner: UserId, key: &LabelKey) -> RepositoryResult<u64> {
    let (mut total, mut after) = (0, None);
    loop {
        let contacts = work.contacts().labelled(owner, key, after, CHUNK).await?;
        let count = contacts.len() as u64;
        total += count;
        if count < u64::from(CHUNK) {
            return Ok(total);
        }
        after = contacts.last().map(|contact| contact.id);
    }
}
