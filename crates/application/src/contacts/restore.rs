//! Taking a contact out of the trash.

use contacts_domain::{
    contact::Contact,
    ids::{ContactId, UserId},
};

use super::{
    once::{Attempts, Done, Once},
    writing::lock_to_change,
};
use crate::{Error, Result, transaction::Outcome};

/// Takes a contact out of a user's trash.
pub struct RestoreContact {
    pub(super) attempts: Attempts,
}

impl RestoreContact {
    /// The contact as it was, under its old id. It is no creation: no quota is asked. `NotFound` where it is not
    /// in the trash.
    pub async fn execute(&self, owner: UserId, id: ContactId, once: Option<Once<Contact>>) -> Result<Done<Contact>> {
        let work = self.attempts.carry_out(once, |work| {
            Box::pin(async move {
                let stamp = lock_to_change(work, owner).await?;
                let restored = work.contacts().restore(id, &stamp).await?;
                restored.map(Outcome::Commit).ok_or(Error::NotFound)
            })
        });
        work.await
    }
}
