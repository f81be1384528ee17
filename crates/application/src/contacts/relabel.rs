//! Replacing a label in all contacts that have it.

use contacts_domain::{
    address_book::Numbers,
    contact::{Contact, ContactDetails},
    ids::UserId,
    labels::{Label, LabelKey},
    ports::{Clock, UnitOfWork},
};

use super::writing::{lock, rewrite};
use crate::{Error, Result, transaction::Outcome};

/// How many contacts are held in memory at once.
pub(super) const CHUNK: u32 = 500;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Relabelled {
    /// How many contacts had the label.
    pub(super) found: u64,
    /// How many of them have other labels now.
    pub(super) changed: u64,
}

/// Puts another label in the place of this one, or takes it away, in every contact of the owner. `NotFound` where
/// none has it.
pub(super) async fn relabel(
    work: &mut dyn UnitOfWork,
    clock: &dyn Clock,
    owner: UserId,
    key: &LabelKey,
    replacement: Option<&Label>,
) -> Result<Relabelled> {
    let mut relabelled = Relabelled::default();
    let mut after = None;
    loop {
        // Before it is known how many there are, for nothing is read before the lock. Numbers that are left over
        // are gaps, which nobody minds.
        let locked = lock(work, owner, Numbers { changes: CHUNK, creations: 0 }).await?;
        let now = clock.now();
        let contacts = work.contacts().labelled(owner, key, after, CHUNK).await?;
        after = contacts.last().map(|contact| contact.id);
        let count = contacts.len() as u64;
        for (contact, stamp) in contacts.into_iter().zip(locked.stamps(CHUNK)) {
            let details = replaced(&contact, key, replacement);
            match rewrite(work, contact, details, now, &stamp).await?.ok_or(Error::NotFound)? {
                Outcome::Commit(_) => relabelled.changed += 1,
                Outcome::Rollback(_) => {}
            }
        }
        relabelled.found += count;
        if count < u64::from(CHUNK) {
            break;
        }
    }
    if relabelled.found == 0 { Err(Error::NotFound) } else { Ok(relabelled) }
}

fn replaced(contact: &Contact, key: &LabelKey, replacement: Option<&Label>) -> ContactDetails {
    let labels = contact.details.labels.replacing(key, replacement);
    ContactDetails { labels, ..contact.details.clone() }
}
