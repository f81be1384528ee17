//! Renaming a label.

use std::sync::Arc;

use contacts_domain::{
    ids::UserId,
    labels::{LabelChange, LabelCount, LabelKey},
    ports::{Clock, UnitOfWorkFactory},
};

use super::relabel::{Relabelled, relabel};
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
                let new = renamed.key();
                // With those that had it before.
                let contacts = if new == key { found } else { work.contacts().count_labelled(owner, &new).await? };
                let label = LabelCount { label: renamed, contacts };
                Ok(if changed > 0 { Outcome::Commit(label) } else { Outcome::Rollback(label) })
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        address_book::Numbers,
        contact::Contact,
        ids::ContactId,
        labels::{Label, Labels},
        validation::{ValidationErrors, ViolationCode},
    };
    use mockall::predicate::{always, eq};
    use uuid::Uuid;

    use super::*;
    use crate::{
        Error,
        testing::{Ended, FakeStore, FakeUnitOfWork, a_contact, ada, broken, clock, fault, faults, locked},
    };

    fn labelled(count: u128, text: &str) -> Vec<Contact> {
        let labels = Labels::from_stored(vec![Label::parse(text).unwrap()]);
        let contact = |number| {
            let mut contact = Contact { id: ContactId::new(Uuid::from_u128(number)), ..a_contact() };
            contact.details.labels = labels.clone();
            contact
        };
        (1..=count).map(contact).collect()
    }

    fn expect_lock(work: &mut FakeUnitOfWork) {
        work.expect_numbers(Numbers { changes: 500, creations: 0 }, locked(0));
    }

    /// Expects that contacts with the label chess are looked for, and says which there are.
    fn expect_look(work: &mut FakeUnitOfWork, found: Vec<Contact>) {
        let look = work.contacts.expect_labelled().times(1);
        look.with(eq(ada().id), eq(LabelKey::of("chess")), eq(None), always()).return_once(|_, _, _, _| Ok(found));
    }

    /// Expects that as many contacts are written.
    fn expect_write(work: &mut FakeUnitOfWork, count: usize) {
        let write = work.contacts.expect_relabel().times(1);
        write.withf(move |changes| changes.len() == count).returning(|_| Ok(true));
    }

    async fn rename(store: &Arc<FakeStore>, change: LabelChange) -> Result<LabelCount> {
        RenameLabel { store: store.clone(), clock: clock() }.execute(ada().id, " Chess", change).await
    }

    fn to(label: &str) -> LabelChange {
        LabelChange { label: Some(label.into()), errors: ValidationErrors::new() }
    }

    fn count(label: &str, contacts: u64) -> LabelCount {
        LabelCount { label: Label::parse(label).unwrap(), contacts }
    }

    #[tokio::test]
    async fn those_that_had_the_new_label_before_are_counted_too() {
        let store = FakeStore::writing(|work| {
            expect_lock(work);
            expect_look(work, labelled(2, "Chess"));
            expect_write(work, 2);
            let count = work.contacts.expect_count_labelled().times(1);
            count.with(eq(ada().id), eq(LabelKey::of("go"))).returning(|_, _| Ok(503));
        });
        assert_eq!(rename(&store, to("Go")).await.unwrap(), count("Go", 503));
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn another_spelling_is_a_new_name() {
        let store = FakeStore::writing(|work| {
            expect_lock(work);
            expect_look(work, labelled(2, "Chess"));
            expect_write(work, 2);
        });
        assert_eq!(rename(&store, to("CHESS")).await.unwrap(), count("CHESS", 2));
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_name_stays_the_same() {
        let store = FakeStore::writing(|work| {
            expect_lock(work);
            expect_look(work, labelled(2, "Chess"));
            expect_write(work, 0);
        });
        assert_eq!(rename(&store, to("Chess")).await.unwrap(), count("Chess", 2));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn a_label_that_no_contact_has_is_not_found() {
        let store = FakeStore::writing(|work| {
            expect_lock(work);
            expect_look(work, vec![]);
            expect_write(work, 0);
        });
        assert!(matches!(rename(&store, to("Go")).await, Err(Error::NotFound)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn everything_is_undone_when_the_contacts_cannot_be_written() {
        let store = FakeStore::writing(|work| {
            expect_lock(work);
            expect_look(work, labelled(2, "Chess"));
            work.contacts.expect_relabel().times(1).returning(|_| Err(broken()));
        });
        assert!(matches!(rename(&store, to("Go")).await, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_transaction_begins_when_the_new_name_is_not_valid() {
        let missing = rename(&FakeStore::untouched(), LabelChange::default()).await;
        assert_eq!(faults(missing), [fault("label", ViolationCode::Required)]);
    }
}
