//! Choosing another password by a mailed link.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    ids::MailId,
    link::LinkPurpose,
    mail::{MailOrder, MailSubject},
    ports::{Clock, IdGenerator, LinkTokens, PasswordHasher, UnitOfWorkFactory, UserCache},
    user::User,
};

use super::{redeem::redeem, requests::PasswordReset};
use crate::{
    Error, Result,
    audit::Auditor,
    user_change::{UserChange, change_user},
};

/// Sets another password for whoever reads the account's mail.
pub struct ResetPassword {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) link_tokens: Arc<dyn LinkTokens>,
    pub(super) password_hasher: Arc<dyn PasswordHasher>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) auditor: Auditor,
}

impl ResetPassword {
    /// Ends every session. The address counts as verified: the link was read there.
    pub async fn execute(&self, request: PasswordReset, caller: Caller) -> Result<()> {
        let (token, password) = request.validate()?;
        let purpose = LinkPurpose::ResetPassword;
        // Before the slow work: a token that we did not make costs nobody anything.
        let (id, hash) = self.link_tokens.read(purpose, &token).ok_or(Error::InvalidLink)?;
        let password_hash = self.password_hasher.hash(&password).await?;
        change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                let now = self.clock.now();
                let (_, user) = redeem(work, id, purpose, hash, now).await?;
                let user = User { email_verified: true, updated_at: now, ..user };
                work.users().update(&user).await?;
                work.users().set_password_hash(user.id, &password_hash).await?;
                work.sessions().revoke_all(user.id, None, now).await?;
                // Whoever knew the former password may have asked for another address with it.
                work.links().close_all(user.id, LinkPurpose::ConfirmNewEmail, now).await?;
                let subject = MailSubject::PasswordChanged { user: user.id };
                let notice = MailOrder { id: MailId::new(self.ids.next()), subject, created_at: now };
                work.outbox().order(&notice).await?;
                let event = self.auditor.event(AuditKind::PasswordReset, Some(user.id), None, Some(&caller));
                work.audit().record(&event).await?;
                Ok(UserChange::Commit { user: user.id, minimum: user.version, value: () })
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests;
