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

#[cfg(test)]
mod tests {
    use contacts_domain::{
        address_book::{ChangeStamp, Numbers},
        contact::Contact,
        labels::{Label, Labels},
    };

    use super::*;
    use crate::{
        Error,
        testing::{Ended, FakeStore, a_contact, ada, clock, locked},
    };

    /// A store in which these contacts have the label chess.
    fn finding(found: Vec<Contact>) -> Arc<FakeStore> {
        FakeStore::writing(|work| {
            work.expect_numbers(Numbers { changes: 500, creations: 0 }, locked(0));
            let count = found.len();
            let look = work.contacts.expect_labelled().times(1);
            look.withf(|_, key, _, _| *key == LabelKey::of("chess")).return_once(|_, _, _, _| Ok(found));
            let is_without = |(contact, _): &(Contact, ChangeStamp)| contact.details == a_contact().details;
            let write = work.contacts.expect_relabel().times(1);
            write.withf(move |all| all.len() == count && all.iter().all(is_without)).returning(|_| Ok(true));
        })
    }

    async fn delete(store: &Arc<FakeStore>) -> Result<()> {
        DeleteLabel { store: store.clone(), clock: clock() }.execute(ada().id, "CHESS ").await
    }

    #[tokio::test]
    async fn a_label_is_taken_away_from_the_contacts_that_have_it_however_it_is_spelled() {
        let mut labelled = a_contact();
        labelled.details.labels = Labels::from_stored(vec![Label::parse("Chess").unwrap()]);
        let store = finding(vec![labelled]);
        assert!(delete(&store).await.is_ok());
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn a_label_that_no_contact_has_is_not_found() {
        let store = finding(vec![]);
        assert!(matches!(delete(&store).await, Err(Error::NotFound)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        assert!(matches!(delete(&FakeStore::unreachable()).await, Err(Error::Unavailable(_))));
    }
}
