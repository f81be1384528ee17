//! Asking for a link by mail: to verify an address, or to choose another password.

use std::sync::Arc;

use contacts_domain::{
    email_address::EmailAddress,
    ids::MailId,
    mail::{MailOrder, MailSubject},
    ports::{Clock, IdGenerator, UnitOfWorkFactory},
};

use super::requests::AddressRequest;
use crate::{
    Result,
    transaction::{Outcome, in_transaction},
};

/// Orders a mail with a link, for whoever has an account of this address. Whether anybody has is looked up
/// when it is sent: here every address costs the same work and gives the same answer.
pub struct OrderLink {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) subject: fn(EmailAddress) -> MailSubject,
}

impl OrderLink {
    pub async fn execute(&self, request: AddressRequest) -> Result<()> {
        let address = request.validate()?;
        let order = MailOrder {
            id: MailId::new(self.ids.next()),
            subject: (self.subject)(address),
            created_at: self.clock.now(),
        };
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                work.outbox().order(&order).await?;
                Ok(Outcome::Commit(()))
            })
        })
        .await
    }
}
