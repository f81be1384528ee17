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
            for (number, seq, labels) in [(1, -457, &["Go"][..]), (3, -455, &["VIP", "Go"])] {
                let expected = Contact { seq, updated_at: now(), ..labelled(number, labels) };
                let update = work.contacts.expect_update().times(1);
                update.withf(move |contact, stamp| *contact == expected && stamp.seq == seq).returning(|_, _| Ok(true));
            }
        });
        assert_eq!(execute(work, Some("Go")).await.unwrap(), Relabelled { found: 3, changed: 2 });
    }

    #[tokio::test]
    async fn a_label_is_taken_away() {
        let work = transaction(|work| {
            expect_chunk(work, &mut Sequence::new(), None, vec![labelled(1, &["VIP", "Chess"])]);
            let update = work.contacts.expect_update().times(1);
            let expected = labelled(1, &["VIP"]).details;
            update.withf(move |contact, _| contact.details == expected).returning(|_, _| Ok(true));
        });
        assert_eq!(execute(work, None).await.unwrap(), Relabelled { found: 1, changed: 1 });
    }

    #[tokio::test]
    async fn chunk_follows_chunk_each_with_numbers_of_its_own() {
        let chunk = |from: u128| (from..from + 500).map(|number| labelled(number, &["Chess"])).collect();
        let work = transaction(|work| {
            let mut order = Sequence::new();
            expect_chunk(work, &mut order, None, chunk(1));
            work.contacts.expect_update().times(500).in_sequence(&mut order).returning(|_, _| Ok(true));
            expect_chunk(work, &mut order, Some(labelled(500, &[]).id), vec![labelled(501, &["Chess"])]);
            work.contacts.expect_update().times(1).in_sequence(&mut order).returning(|_, _| Ok(true));
        });
        assert_eq!(execute(work, Some("Go")).await.unwrap(), Relabelled { found: 501, changed: 501 });
    }

    #[tokio::test]
    async fn a_label_that_no_contact_has_is_not_found() {
        let work = transaction(|work| expect_chunk(work, &mut Sequence::new(), None, vec![]));
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
            work.contacts.expect_update().times(1).returning(|_, _| Ok(false));
        });
        assert!(matches!(execute(work, None).await, Err(Error::NotFound)));
    }
}
