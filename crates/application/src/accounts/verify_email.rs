//! Following the link that proves who reads an address.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    ids::MailId,
    link::{Link, LinkPurpose},
    mail::{MailOrder, MailSubject},
    ports::{Clock, IdGenerator, LinkTokens, UnitOfWork, UnitOfWorkFactory, UserCache},
    user::User,
};

use super::{redeem::redeem, requests::LinkRequest};
use crate::{
    Error, Result,
    audit::Auditor,
    user_change::{UserChange, change_user},
};

/// Verifies the address of an account, or gives it the new one that was asked for.
pub struct VerifyEmail {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) link_tokens: Arc<dyn LinkTokens>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) auditor: Auditor,
}

impl VerifyEmail {
    /// Works once for each link. Whatever is wrong with a link gives one error.
    pub async fn execute(&self, request: LinkRequest, caller: Caller) -> Result<()> {
        let token = request.validate()?;
        let (purpose, (id, hash)) = [LinkPurpose::VerifyEmail, LinkPurpose::ConfirmNewEmail]
            .into_iter()
            .find_map(|purpose| Some((purpose, self.link_tokens.read(purpose, &token)?)))
            .ok_or(Error::InvalidLink)?;
        change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                let now = self.clock.now();
                let (link, user) = redeem(work, id, purpose, hash, now).await?;
                let user = User { email_verified: true, updated_at: now, ..user };
                let (user, kind) = match purpose {
                    LinkPurpose::ConfirmNewEmail => {
                        (self.change_address(work, user, link).await?, AuditKind::EmailChanged)
                    }
                    LinkPurpose::VerifyEmail | LinkPurpose::ResetPassword => (user, AuditKind::EmailVerified),
                };
                work.users().update(&user).await?;
                work.audit().record(&self.auditor.event(kind, Some(user.id), None, Some(&caller))).await?;
                Ok(UserChange::Commit { user: user.id, minimum: user.version, value: () })
            })
        })
        .await
    }

    /// The former address is told, and links that were sent there stop working.
    async fn change_address(&self, work: &mut dyn UnitOfWork, user: User, link: Link) -> Result<User> {
        let now = user.updated_at;
        let subject =
            MailSubject::EmailChanged { user: user.id, address: user.email, new_address: link.address.clone() };
        let notice = MailOrder { id: MailId::new(self.ids.next()), subject, created_at: now };
        work.outbox().order(&notice).await?;
        work.links().close_all(user.id, LinkPurpose::VerifyEmail, now).await?;
        work.links().close_all(user.id, LinkPurpose::ResetPassword, now).await?;
        Ok(User { email: link.address, ..user })
    }
}

#[cfg(test)]
mod tests;
