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
