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
    /// Required. Any text may be tried, for there may be accounts of addresses that are refused today.
    pub email: Option<String>,
    /// Required. Any text may be tried.
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

/// A user who said their password.
struct Proven {
    user: User,
    /// What the password was compared with.
    old_hash: PasswordHash,
    /// What is to be stored from now on; mostly the same.
    new_hash: PasswordHash,
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
        let proven = self.prove(credentials, &password, &caller).await?;
        self.limits.forgive(&account, caller.address, is_stranger).await;
        if let Some(tokens) = self.begin(proven, &caller).await? {
            return Ok(tokens);
        }
        // Another login at this moment may have replaced an outdated hash by another of the same password. That
        // is told apart from a new password once: whoever loses twice tries again themselves.
        let credentials = self.credentials(&account, &caller).await?;
        let proven = self.prove(credentials, &password, &caller).await?;
        self.begin(proven, &caller).await?.ok_or(Error::InvalidCredentials)
    }

    /// Whose password this is. Costs the same where nobody has the account.
    async fn prove(&self, credentials: Option<Credentials>, password: &Password, caller: &Caller) -> Result<Proven> {
        let hash = credentials.as_ref().map(|credentials| &credentials.password_hash);
        let verification = self.password_hasher.verify(password, hash).await?;
        match (credentials, verification) {
            // Like a wrong password, and as late: who is kept out does not learn that from us.
            (Some(Credentials { user, disabled: true, .. }), _) => {
                self.refuse(Some(user.id), caller, Error::InvalidCredentials).await
            }
            (Some(Credentials { user, password_hash, .. }), Verification::Right) => {
                Ok(Proven { user, old_hash: password_hash.clone(), new_hash: password_hash })
            }
            (Some(Credentials { user, password_hash, .. }), Verification::Outdated) => {
                let new_hash = self.password_hasher.hash(password).await?;
                Ok(Proven { user, old_hash: password_hash, new_hash })
            }
            (wrong, Verification::Wrong) => {
                let user = wrong.map(|wrong| wrong.user.id);
                self.refuse(user, caller, Error::InvalidCredentials).await
            }
            // Nobody's password is never right.
            (None, Verification::Right | Verification::Outdated) => {
                self.refuse(None, caller, Error::InvalidCredentials).await
            }
        }
    }

    async fn credentials(&self, account: &str, caller: &Caller) -> Result<Option<Credentials>> {
        if account.contains('\0') {
            // No address holds it, and a database may refuse even to look for it.
            return Ok(None);
        }
        Ok(self.store.read().users().find_credentials(account, caller.address).await?)
    }

    /// One row of the audit log, whether the account exists or not.
    async fn refuse<T>(&self, user: Option<UserId>, caller: &Caller, why: Error) -> Result<T> {
        let event = self.auditor.event(AuditKind::LoginFailed, user, None, Some(caller));
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                work.audit().record(&event).await?;
                Ok(Outcome::Commit(()))
            })
        })
        .await?;
        Err(why)
    }

    /// `None` where the hash is another one meanwhile.
    async fn begin(&self, proven: Proven, caller: &Caller) -> Result<Option<TokenPair>> {
        let Proven { user, old_hash, new_hash } = proven;
        if self.require_verified_email && !user.email_verified {
            return self.refuse(Some(user.id), caller, Error::EmailNotVerified).await;
        }
        let user_id = user.id;
        let session = in_transaction(&*self.store, |work| {
            Box::pin(async move {
                // This locks the user: a password that is changed at this moment must not begin a session
                // that outlives the change.
                if !work.users().replace_password_hash(user_id, &old_hash, &new_hash).await? {
                    return Ok(Outcome::Rollback(None));
                }
                let id = SessionId::new(self.ids.next());
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
                let event = self.auditor.event(AuditKind::LoggedIn, Some(user_id), Some(id), Some(caller));
                work.audit().record(&event).await?;
                Ok(Outcome::Commit(Some(session)))
            })
        })
        .await?;
        session.map(|session| self.issuer.issue(&user, &session, session.created_at)).transpose()
    }
}

#[cfg(test)]
mod tests;
