//! Asking for another address.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    ids::MailId,
    mail::{MailOrder, MailSubject},
    ports::{Clock, IdGenerator, UnitOfWorkFactory},
    session::CurrentUser,
};

use super::{password_check::PasswordCheck, requests::EmailChange};
use crate::{
    Result,
    audit::Auditor,
    transaction::{Outcome, in_transaction},
};

/// Sends a link to the new address, which counts once the link was followed. The present address is told.
pub struct ChangeEmail {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_check: PasswordCheck,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) auditor: Auditor,
}

impl ChangeEmail {
    /// Whether somebody else has the address already is only told to whoever reads its mail.
    pub async fn execute(&self, current: &CurrentUser, change: EmailChange, caller: Caller) -> Result<()> {
        let (new_address, password) = change.validate()?;
        self.password_check.pass(current, &password, &caller).await?;
        let now = self.clock.now();
        let (id, address) = (current.user.id, current.user.email.clone());
        let order = |subject| MailOrder { id: MailId::new(self.ids.next()), subject, created_at: now };
        let link = order(MailSubject::ConfirmNewEmail { user: id, new_address: new_address.clone() });
        let notice = order(MailSubject::EmailChangeRequested { user: id, address, new_address });
        let event = self.auditor.event(AuditKind::EmailChangeRequested, Some(id), Some(current.session), Some(&caller));
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                work.outbox().order(&link).await?;
                work.outbox().order(&notice).await?;
                work.audit().record(&event).await?;
                Ok(Outcome::Commit(()))
            })
        })
        .await
    }
}
