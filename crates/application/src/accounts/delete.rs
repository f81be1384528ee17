//! Leaving, and taking everything along.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    ports::{GONE, UnitOfWorkFactory, UserCache},
    session::CurrentUser,
};

use super::{password_check::PasswordCheck, requests::AccountDeletion};
use crate::{
    Error, Result,
    audit::Auditor,
    avatars::SweepAvatars,
    transaction::{Outcome, in_transaction},
};

/// Deletes an account with its contacts, sessions, links and pictures. The audit log keeps that it existed. A
/// picture that cannot be removed now is removed by a later sweep.
pub struct DeleteAccount {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_check: PasswordCheck,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) auditor: Auditor,
    pub(super) sweep: SweepAvatars,
}

impl DeleteAccount {
    pub async fn execute(&self, current: &CurrentUser, request: AccountDeletion, caller: Caller) -> Result<()> {
        let password = request.validate()?;
        self.password_check.pass(current, &password, &caller).await?;
        let id = current.user.id;
        let event = self.auditor.event(AuditKind::AccountDeleted, Some(id), Some(current.session), Some(&caller));
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                work.users().lock(id).await?.ok_or(Error::InvalidToken)?;
                work.avatars().abandon_all(id).await?;
                work.audit().record(&event).await?;
                if !work.users().delete(id).await? {
                    return Err(Error::InvalidToken);
                }
                Ok(Outcome::Commit(()))
            })
        })
        .await?;
        self.user_cache.invalidate(id, GONE).await;
        self.sweep.try_now().await;
        Ok(())
    }
}
