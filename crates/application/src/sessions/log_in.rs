//! Logging in.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    email_address::account_key,
    ids::{SessionId, UserId},
    password::{Password, PasswordHash},
    ports::{Clock, IdGenerator, PasswordHasher, UnitOfWorkFactory, Verification},
    session::Session,
    user::{Credentials, User},
    validation::{ValidationErrors, Violation},
};

use super::issuer::{TokenIssuer, TokenPair};
use crate::{
    Error, Result,
    audit::Auditor,
    limits::LoginLimits,
    transaction::{Outcome, in_transaction},
};

/// A login as a client sends it. Any text may be tried; there is no `Debug`, for it holds a password.
#[derive(Clone, Default)]
pub struct LoginAttempt {
    pub email: Option<String>,
    pub password: Option<String>,
    /// What was already wrong when the attempt was read.
    pub errors: ValidationErrors,
}

impl LoginAttempt {
    /// The account's key and the password.
    fn validate(self) -> Result<(String, Password)> {
        let Self { email, password, mut errors } = self;
        let email = errors.check("email", email.ok_or_else(Violation::required));
        let password = errors.check("password", password.ok_or_else(Violation::required));
        match (email, password) {
            (Some(email), Some(password)) => {
                Ok(errors.into_result((account_key(&email), Password::attempt(&password)))?)
            }
            _ => Err(errors.into()),
        }
    }
}

/// Exchanges an address and a password for tokens.
pub struct LogIn {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_hasher: Arc<dyn PasswordHasher>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) issuer: TokenIssuer,
    pub(super) auditor: Auditor,
    pub(super) limits: LoginLimits,
    pub(super) require_verified_email: bool,
}

impl LogIn {
    /// A pair of tokens. An unknown address and a wrong password cost the same work and give the same
    /// error, so that nobody learns who has an account.
    pub async fn execute(&self, attempt: LoginAttempt, caller: Caller) -> Result<TokenPair> {
        let (account, password) = attempt.validate()?;
        self.limits.admit(&account, caller.address).await?;
        let credentials = self.credentials(&account, &caller).await?;
        let is_stranger = !credentials.as_ref().is_some_and(|credentials| credentials.knows_address);
        if is_stranger {
            self.limits.admit_stranger(&account).await?;
        }
        let hash = credentials.as_ref().map(|credentials| &credentials.password_hash);
        let verification = self.password_hasher.verify(&password, hash).await?;
        let (Credentials { user, password_hash, .. }, new_hash) = match (credentials, verification) {
            (Some(right), Verification::Right) => {
                let same = right.password_hash.clone();
                (right, same)
            }
            (Some(right), Verification::Outdated) => {
                let new = self.password_hasher.hash(&password).await?;
                (right, new)
            }
            (wrong, Verification::Wrong) => {
                return self.refuse(wrong.map(|wrong| wrong.user.id), &caller).await;
            }
            // Nobody's password is never right.
            (None, Verification::Right | Verification::Outdated) => return self.refuse(None, &caller).await,
        };
        self.limits.forgive(&account, caller.address, is_stranger).await;
        if self.require_verified_email && !user.email_verified {
            return Err(Error::EmailNotVerified);
        }
        self.begin(user, (password_hash, new_hash), caller).await
    }

    async fn credentials(&self, account: &str, caller: &Caller) -> Result<Option<Credentials>> {
        if account.contains('\0') {
            // No address holds it, and a database may refuse even to look for it.
            return Ok(None);
        }
        Ok(self.store.read().users().find_credentials(account, caller.address).await?)
    }

    /// One row of the audit log, whether the account exists or not.
    async fn refuse(&self, user: Option<UserId>, caller: &Caller) -> Result<TokenPair> {
        let event = self.auditor.event(AuditKind::LoginFailed, user, None, Some(caller));
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                work.audit().record(&event).await?;
                Ok(Outcome::Commit(()))
            })
        })
        .await?;
        Err(Error::InvalidCredentials)
    }

    async fn begin(&self, user: User, hashes: (PasswordHash, PasswordHash), caller: Caller) -> Result<TokenPair> {
        let id = SessionId::new(self.ids.next());
        let user_id = user.id;
        let session = in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let (old, new) = hashes;
                // This locks the user: a password that is changed at this moment must not begin a session
                // that outlives the change.
                if !work.users().replace_password_hash(user_id, &old, &new).await? {
                    return Err(Error::InvalidCredentials);
                }
                let now = self.clock.now();
                let ends_at = self.issuer.lifetimes.end(now);
                let session = Session {
                    id,
                    user: user_id,
                    user_agent: caller.user_agent.clone(),
                    address: caller.address,
                    created_at: now,
                    last_used_at: now,
                    counter: 0,
                    expires_at: self.issuer.lifetimes.expiry(now, ends_at),
                    ends_at,
                    revoked_at: None,
                };
                work.users().record_login(user_id, now).await?;
                work.sessions().insert(&session).await?;
                let event = self.auditor.event(AuditKind::LoggedIn, Some(user_id), Some(id), Some(&caller));
                work.audit().record(&event).await?;
                Ok(Outcome::Commit(session))
            })
        })
        .await?;
        self.issuer.issue(&user, &session, session.created_at)
    }
}

#[cfg(test)]
mod tests;
