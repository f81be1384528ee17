//! Asking somebody who is logged in for their password once more.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    password::{Password, PasswordHash},
    ports::{PasswordHasher, UnitOfWorkFactory, Verification},
    session::CurrentUser,
};

use crate::{
    Error, Result,
    audit::Auditor,
    limits::LoginLimits,
    transaction::{Outcome, in_transaction},
};

/// Checks a password as a login does, with the same limits: a stolen access token must not be a way to
/// guess it.
#[derive(Clone)]
pub(super) struct PasswordCheck {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_hasher: Arc<dyn PasswordHasher>,
    pub(super) limits: LoginLimits,
    pub(super) auditor: Auditor,
}

impl PasswordCheck {
    /// The hash that the password was compared with, where it is right.
    pub(super) async fn pass(
        &self,
        current: &CurrentUser,
        password: &Password,
        caller: &Caller,
    ) -> Result<PasswordHash> {
        let user = &current.user;
        let account = user.email.account_key();
        self.limits.admit(&account, caller.address).await?;
        let hash = self.store.read().users().find_password_hash(user.id).await?.ok_or(Error::InvalidToken)?;
        match self.password_hasher.verify(password, Some(&hash)).await? {
            Verification::Right | Verification::Outdated => {
                self.limits.forgive(&account, caller.address, false).await;
                Ok(hash)
            }
            Verification::Wrong => {
                let event =
                    self.auditor.event(AuditKind::LoginFailed, Some(user.id), Some(current.session), Some(caller));
                in_transaction(&*self.store, |work| {
                    Box::pin(async move {
                        work.audit().record(&event).await?;
                        Ok(Outcome::Commit(()))
                    })
                })
                .await?;
                Err(Error::WrongPassword)
            }
        }
    }
}
