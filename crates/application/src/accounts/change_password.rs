//! Choosing another password while one still knows the present one.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    ids::MailId,
    link::LinkPurpose,
    mail::{MailOrder, MailSubject},
    password::PasswordHash,
    ports::{Clock, IdGenerator, PasswordHasher, UnitOfWorkFactory, UserCache},
    session::CurrentUser,
};

use super::{password_check::PasswordCheck, requests::PasswordChange};
use crate::{
    Error, Result,
    audit::Auditor,
    user_change::{UserChange, change_user},
};

/// Changes a password, and ends every other session.
pub struct ChangePassword {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_hasher: Arc<dyn PasswordHasher>,
    pub(super) password_check: PasswordCheck,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) auditor: Auditor,
}

impl ChangePassword {
    /// Every other session of the user ends, and so do links that were mailed to reset the password or to confirm
    /// another address.
    ///
    /// # Errors
    ///
    /// [`WrongPassword`](Error::WrongPassword) where the present one is not that of the account, or is changed by
    /// somebody else at this moment; [`RateLimited`](Error::RateLimited) where it was tried too often in this session;
    /// [`Invalid`](Error::Invalid), [`Busy`](Error::Busy).
    pub async fn execute(&self, current: &CurrentUser, change: PasswordChange, caller: Caller) -> Result<()> {
        let (password, new_password) = change.validate()?;
        let old_hash = self.password_check.pass(current, &password, &caller).await?;
        let new_hash = self.password_hasher.hash(&new_password).await?;
        if self.replace(current, (&old_hash, &new_hash), &caller).await? {
            return Ok(());
        }
        // It may have been changed since it was checked, or a login replaced its hash by another of the same
        // password: that is told apart once.
        let old_hash = self.password_check.pass(current, &password, &caller).await?;
        let replaced = self.replace(current, (&old_hash, &new_hash), &caller).await?;
        if replaced { Ok(()) } else { Err(Error::WrongPassword) }
    }

    /// `false` where the old hash is not the present one any more.
    async fn replace(
        &self,
        current: &CurrentUser,
        (old_hash, new_hash): (&PasswordHash, &PasswordHash),
        caller: &Caller,
    ) -> Result<bool> {
        let (id, session) = (current.user.id, current.session);
        change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                let user = work.users().lock(id).await?.ok_or(Error::InvalidToken)?;
                if !work.users().replace_password_hash(id, old_hash, new_hash).await? {
                    return Ok(UserChange::Rollback(false));
                }
                let now = self.clock.now();
                work.sessions().revoke_all(id, Some(session), now).await?;
                work.links().close_all(id, LinkPurpose::ResetPassword, now).await?;
                // Whoever knew the former password may have asked for another address with it.
                work.links().close_all(id, LinkPurpose::ConfirmNewEmail, now).await?;
                let subject = MailSubject::PasswordChanged { user: id };
                work.outbox().order(&MailOrder { id: MailId::new(self.ids.next()), subject, created_at: now }).await?;
                let event = self.auditor.event(AuditKind::PasswordChanged, Some(id), Some(session), Some(caller));
                work.audit().record(&event).await?;
                Ok(UserChange::Commit { user: id, minimum: user.version, value: true })
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests;
