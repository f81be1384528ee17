//! Making a mail of an order, at the moment when it is sent.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use contacts_domain::{
    email_address::EmailAddress,
    ids::MailId,
    link::{Link, LinkPurpose},
    mail::{Letter, Mail, MailOrder, MailSubject, MailedLink},
    ports::{Clock, LinkTokens, UnitOfWork, UnitOfWorkFactory},
    user::User,
};

use crate::{
    Result,
    transaction::{Outcome, in_transaction},
};

/// Looks up whom an order concerns, and makes the link that it promises.
pub(super) struct PrepareMail {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) link_tokens: Arc<dyn LinkTokens>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) public_url: Arc<str>,
}

/// What an order comes to.
pub(super) enum Prepared {
    Ready(Mail),
    /// Nobody has this account, they got enough mail lately, or the mail has become pointless.
    Pointless,
}

impl PrepareMail {
    pub(super) async fn execute(&self, order: &MailOrder) -> Result<Prepared> {
        let users = self.store.read().users();
        let id = order.id;
        match order.subject.clone() {
            MailSubject::VerifyEmail { address } => match users.find_by_key(&address.account_key()).await? {
                Some(user) if !user.email_verified => {
                    let to = user.email.clone();
                    self.with_link(id, user, to, LinkPurpose::VerifyEmail).await
                }
                _ => Ok(Prepared::Pointless),
            },
            MailSubject::ResetPassword { address } => match users.find_by_key(&address.account_key()).await? {
                Some(user) => {
                    let to = user.email.clone();
                    self.with_link(id, user, to, LinkPurpose::ResetPassword).await
                }
                None => Ok(Prepared::Pointless),
            },
            MailSubject::ConfirmNewEmail { user, new_address } => match users.find(user).await? {
                Some(user) => self.with_link(id, user, new_address, LinkPurpose::ConfirmNewEmail).await,
                None => Ok(Prepared::Pointless),
            },
            MailSubject::EmailChangeRequested { user, address, new_address } => Ok(self.notice(
                id,
                users.find(user).await?,
                Some(address),
                Letter::EmailChangeRequested { new_address },
            )),
            MailSubject::EmailChanged { user, address, new_address } => {
                Ok(self.notice(id, users.find(user).await?, Some(address), Letter::EmailChanged { new_address }))
            }
            // At an address that nobody has proved to be theirs somebody else may read it, again and again.
            MailSubject::PasswordChanged { user } => {
                let user = users.find(user).await?.filter(|user| user.email_verified);
                Ok(self.notice(id, user, None, Letter::PasswordChanged))
            }
        }
    }

    /// Makes a link useless that was not sent, or in vain: its time begins when it is.
    pub(super) async fn withdraw(&self, work: &mut dyn UnitOfWork, id: MailId) -> Result<()> {
        if let Some(link) = work.links().find(id).await? {
            work.links().set_expiry(id, link.hash, None).await?;
        }
        Ok(())
    }

    /// `to` is the user's own address where no other is said.
    fn notice(&self, id: MailId, user: Option<User>, to: Option<EmailAddress>, letter: Letter) -> Prepared {
        let Some(user) = user else { return Prepared::Pointless };
        let to = to.unwrap_or_else(|| user.email.clone());
        Prepared::Ready(self.mail(id, user, to, letter))
    }

    /// A name is any text that somebody registered with, and an address that nobody proved to be theirs may be
    /// a stranger's, who is not to be sent what somebody else wrote.
    fn mail(&self, id: MailId, user: User, to: EmailAddress, letter: Letter) -> Mail {
        let is_their_own = user.email_verified && user.email == to;
        let name = user.name.filter(|_| is_their_own);
        Mail { id, to, name, language: user.language, date: self.clock.now(), letter }
    }

    async fn with_link(&self, id: MailId, user: User, to: EmailAddress, purpose: LinkPurpose) -> Result<Prepared> {
        let (token, hash) = self.link_tokens.issue(purpose, id);
        let (user_id, address) = (user.id, to.clone());
        let lifetime = in_transaction(&*self.store, |work| {
            Box::pin(async move {
                // Before their links, as everywhere; so that of links made at once each counts the others. The
                // version that this takes need not be told to anybody: nothing of the user is another.
                if work.users().lock(user_id).await?.is_none() {
                    return Ok(Outcome::Rollback(None));
                }
                let now = self.clock.now();
                let fresh = now + TimeDelta::from_std(purpose.lifetime()).unwrap_or_default();
                let expires_at = match work.links().find(id).await? {
                    // A newer one was sent meanwhile, or this one arrived and was used.
                    Some(Link { closed_at: Some(_), .. }) => return Ok(Outcome::Rollback(None)),
                    // It may have arrived: its time goes on, unless it is over.
                    Some(Link { expires_at: Some(expires_at), .. }) if expires_at > now => expires_at,
                    Some(_) => fresh,
                    None => {
                        if !work.links().history(user_id, purpose, now).await?.permits_another() {
                            return Ok(Outcome::Rollback(None));
                        }
                        let (created_at, expires_at) = (now, None);
                        let link =
                            Link { id, user: user_id, purpose, address, hash, created_at, expires_at, closed_at: None };
                        work.links().insert(&link).await?;
                        fresh
                    }
                };
                work.links().set_expiry(id, hash, Some(expires_at)).await?;
                Ok(Outcome::Commit(expires_at.signed_duration_since(now).to_std().ok()))
            })
        })
        .await?;
        Ok(match lifetime {
            Some(lifetime) => {
                let link = self.link(purpose, token.expose(), lifetime);
                let letter = match purpose {
                    LinkPurpose::VerifyEmail => Letter::VerifyEmail(link),
                    LinkPurpose::ConfirmNewEmail => Letter::ConfirmNewEmail(link),
                    LinkPurpose::ResetPassword => Letter::ResetPassword(link),
                };
                Prepared::Ready(self.mail(id, user, to, letter))
            }
            None => Prepared::Pointless,
        })
    }

    /// On the service's own address, whatever a request said. A token has no characters to encode.
    fn link(&self, purpose: LinkPurpose, token: &str, lifetime: Duration) -> MailedLink {
        let page = match purpose {
            LinkPurpose::VerifyEmail | LinkPurpose::ConfirmNewEmail => "verify-email",
            LinkPurpose::ResetPassword => "reset-password",
        };
        MailedLink { url: format!("{}/{page}?token={token}", self.public_url), lifetime }
    }
}

#[cfg(test)]
mod tests;
