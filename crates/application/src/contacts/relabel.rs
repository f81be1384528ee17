//! Replacing a label in all contacts that have it.

use contacts_domain::{
    Timestamp,
    address_book::{ChangeStamp, Numbers},
    contact::{Contact, ContactDetails},
    ids::UserId,
    labels::{Label, LabelKey},
    ports::{Clock, UnitOfWork},
};

use super::writing::lock;
use crate::{Error, Result};

/// How many contacts are held in memory, and written, at once.
const CHUNK: u32 = 500;

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
        let changes: Vec<_> = contacts
            .into_iter()
            .zip(locked.stamps(CHUNK))
            .filter_map(|(contact, stamp)| Some((replaced(contact, key, replacement, now, &stamp)?, stamp)))
            .collect();
        if !work.contacts().relabel(&changes).await? {
            return Err(Error::NotFound);
        }
        relabelled.found += count;
        relabelled.changed += changes.len() as u64;
        if count < u64::from(CHUNK) {
            break;
        }
    }
    if relabelled.found == 0 { Err(Error::NotFound) } else { Ok(relabelled) }
}

/// `None` where the contact stays the same: then it keeps its number, its tag and the time of its last change.
fn replaced(
    contact: Contact,
    key: &LabelKey,
    replacement: Option<&Label>,
    at: Timestamp,
    stamp: &ChangeStamp,
) -> Option<Contact> {
    let labels = contact.details.labels.replacing(key, replacement);
    if labels == contact.details.labels {
        return None;
    }
    let details = ContactDetails { labels, ..contact.details };
    Some(Contact { details, seq: stamp.seq, updated_at: at, ..contact })
}

#[cfg(test)]
mod tests {
    use contacts_domain::{ids::ContactId, labels::Labels};
    use mockall::{Sequence, predicate::eq};
    use uuid::Uuid;

    use super::*;
    use crate::testing::{FakeUnitOfWork, a_contact, ada, clock, locked, now, transaction};

    const NUMBERS: Numbers = Numbers { changes: 500, creations: 0 };

    fn label(text: &str) -> Label {
        Label::parse(text).unwrap()
    }

    fn labelled(number: u128, labels: &[&str]) -> Contact {
        let mut contact = Contact { id: ContactId::new(Uuid::from_u128(number)), ..a_contact() };
        contact.details.labels = Labels::from_stored(labels.iter().map(|text| label(text)).collect());
        contact
    }

    /// Expects that the label chess is looked for in the next chunk, and says in which contacts it is.
    fn expect_chunk(work: &mut FakeUnitOfWork, order: &mut Sequence, after: Option<ContactId>, found: Vec<Contact>) {
        let advance = work.address_books.expect_advance().times(1).in_sequence(order);
        advance.with(eq(ada().id), eq(NUMBERS)).returning(|_, _| Ok(Some(locked(0))));
        let look = work.contacts.expect_labelled().times(1).in_sequence(order);
        let key = label("chess").key();
        look.with(eq(ada().id), eq(key), eq(after), eq(CHUNK)).return_once(|_, _, _, _| Ok(found));
    }

    /// Expects that as many contacts are written.
    fn expect_write(work: &mut FakeUnitOfWork, order: &mut Sequence, count: usize) {
        let write = work.contacts.expect_relabel().times(1).in_sequence(order);
        write.withf(move |changes| changes.len() == count).returning(|_| Ok(true));
    }

    async fn execute(mut work: FakeUnitOfWork, replacement: Option<&str>) -> Result<Relabelled> {
        let replacement = replacement.map(label);
        relabel(&mut work, &*clock(), ada().id, &label("Chess").key(), replacement.as_ref()).await
    }

    #[tokio::test]
    async fn each_contact_is_a_change_of_its_own_and_what_stays_the_same_is_none() {
        let work = transaction(|work| {
            let found = vec![labelled(1, &["Chess"]), labelled(2, &["Go"]), labelled(3, &["VIP", "chess"])];
            expect_chunk(work, &mut Sequence::new(), None, found);
            // The numbers are those from 42 - 499 on, one for each contact that was found.
            let expected = [(1, -457, &["Go"][..]), (3, -455, &["VIP", "Go"])].map(|(number, seq, labels)| {
                (
                    Contact { seq, updated_at: now(), ..labelled(number, labels) },
                    ChangeStamp { seq, ..locked(0).last() },
                )
            });
            let write = work.contacts.expect_relabel().times(1);
            write.withf(move |changes| *changes == expected).returning(|_| Ok(true));
        });
        assert_eq!(execute(work, Some("Go")).await.unwrap(), Relabelled { found: 3, changed: 2 });
    }

    #[tokio::test]
    async fn a_label_is_taken_away() {
        let work = transaction(|work| {
            expect_chunk(work, &mut Sequence::new(), None, vec![labelled(1, &["VIP", "Chess"])]);
            let write = work.contacts.expect_relabel().times(1);
            let expected = labelled(1, &["VIP"]).details;
            write.withf(move |changes| changes.len() == 1 && changes[0].0.details == expected).returning(|_| Ok(true));
        });
        assert_eq!(execute(work, None).await.unwrap(), Relabelled { found: 1, changed: 1 });
    }

    #[tokio::test]
    async fn chunk_follows_chunk_each_with_numbers_of_its_own() {
        let chunk = |from: u128| (from..from + 500).map(|number| labelled(number, &["Chess"])).collect();
        let work = transaction(|work| {
            let mut order = Sequence::new();
            expect_chunk(work, &mut order, None, chunk(1));
            expect_write(work, &mut order, 500);
            expect_chunk(work, &mut order, Some(labelled(500, &[]).id), vec![labelled(501, &["Chess"])]);
            expect_write(work, &mut order, 1);
        });
        assert_eq!(execute(work, Some("Go")).await.unwrap(), Relabelled { found: 501, changed: 501 });
    }

    #[tokio::test]
    async fn a_label_that_no_contact_has_is_not_found() {
        let work = transaction(|work| {
            let mut order = Sequence::new();
            expect_chunk(work, &mut order, None, vec![]);
            expect_write(work, &mut order, 0);
        });
        assert!(matches!(execute(work, Some("Go")).await, Err(Error::NotFound)));
    }

    #[tokio::test]
    async fn nothing_is_relabelled_when_the_account_is_gone() {
        let work = transaction(|work| work.expect_no_book());
        assert!(matches!(execute(work, None).await, Err(Error::InvalidToken)));
    }

    #[tokio::test]
    async fn a_contact_that_is_gone_under_the_lock_is_no_success() {
        let work = transaction(|work| {
            expect_chunk(work, &mut Sequence::new(), None, vec![labelled(1, &["Chess"])]);
            work.contacts.expect_relabel().times(1).returning(|_| Ok(false));
        });
        assert!(matches!(execute(work, None).await, Err(Error::NotFound)));
    }
}
