//! Mails that were given up: for an operator.

use std::sync::Arc;

use contacts_domain::{
    ids::MailId,
    mail::DeadMail,
    ports::{Clock, UnitOfWorkFactory},
};

use crate::{
    Error, Result,
    transaction::{Outcome, in_transaction},
};

/// Shows the mails that were given up.
pub struct ListDeadMails {
    store: Arc<dyn UnitOfWorkFactory>,
}

impl ListDeadMails {
    /// For a command that needs nothing else.
    pub fn new(store: Arc<dyn UnitOfWorkFactory>) -> Self {
        Self { store }
    }

    /// The oldest first, at most `limit`.
    pub async fn execute(&self, limit: u32) -> Result<Vec<DeadMail>> {
        Ok(self.store.read().outbox().dead(limit).await?)
    }
}

/// Has mails tried once more.
pub struct RequeueMails {
    store: Arc<dyn UnitOfWorkFactory>,
    clock: Arc<dyn Clock>,
}

impl RequeueMails {
    /// For a command that needs nothing else.
    pub fn new(store: Arc<dyn UnitOfWorkFactory>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// One of them. Fails where there is no such mail, or it was not given up.
    pub async fn one(&self, id: MailId) -> Result<()> {
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                match work.outbox().requeue(id, self.clock.now()).await? {
                    true => Ok(Outcome::Commit(())),
                    false => Err(Error::NotFound),
                }
            })
        })
        .await
    }

    /// All of them; how many there were.
    pub async fn all(&self) -> Result<u64> {
        in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Commit(work.outbox().requeue_all(self.clock.now()).await?)) })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::mail::MailSubject;
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{Ended, FakeStore, a_mail, ada, broken, clock, now};

    fn dead() -> DeadMail {
        let order = a_mail(MailSubject::PasswordChanged { user: ada().id }).order;
        DeadMail { order, attempts: 18, buried_at: now(), reason: "no such mailbox".into() }
    }

    fn requeue(store: &Arc<FakeStore>) -> RequeueMails {
        RequeueMails::new(store.clone(), clock())
    }

    #[tokio::test]
    async fn as_many_as_are_asked_for_are_listed() {
        let store = FakeStore::reading(|reads| {
            reads.outbox.expect_dead().times(1).with(eq(20)).returning(|_| Ok(vec![dead()]));
        });
        assert_eq!(ListDeadMails::new(store).execute(20).await.unwrap(), [dead()]);
    }

    #[tokio::test]
    async fn a_mail_that_was_given_up_is_due_now() {
        let id = dead().order.id;
        let store = FakeStore::writing(|work| {
            work.outbox.expect_requeue().times(1).with(eq(id), eq(now())).returning(|_, _| Ok(true));
        });
        assert!(requeue(&store).one(id).await.is_ok());
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn a_mail_that_was_not_given_up_is_not_found() {
        let store = FakeStore::writing(|work| {
            work.outbox.expect_requeue().times(1).returning(|_, _| Ok(false));
        });
        assert!(matches!(requeue(&store).one(dead().order.id).await, Err(Error::NotFound)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn all_of_them_are_due_now_and_counted() {
        let store = FakeStore::writing(|work| {
            work.outbox.expect_requeue_all().times(1).with(eq(now())).returning(|_| Ok(3));
        });
        assert_eq!(requeue(&store).all().await.unwrap(), 3);
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn none_is_said_to_be_due_where_that_failed() {
        let store = FakeStore::writing(|work| {
            work.outbox.expect_requeue_all().times(1).returning(|_| Err(broken()));
        });
        assert!(matches!(requeue(&store).all().await, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }
}
