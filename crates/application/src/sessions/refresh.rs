//! Staying logged in.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    ports::{Clock, RefreshClaims, TokenCodec, UnitOfWorkFactory, UserCache},
    session::{Refreshing, Session},
    validation::{ValidationErrors, Violation},
};

use super::issuer::{TokenIssuer, TokenPair};
use crate::{
    Error, Result,
    audit::Auditor,
    limits::RefreshLimit,
    transaction::{Outcome, in_transaction},
    user_change::{UserChange, change_user},
};

/// A refresh as a client sends it. There is no `Debug`, for it holds a token.
#[derive(Clone, Default)]
pub struct RefreshRequest {
    /// Required: the one of the login, or of the last refresh.
    pub refresh_token: Option<String>,
    /// What was already wrong when the request was read.
    pub errors: ValidationErrors,
}

impl RefreshRequest {
    fn validate(self) -> Result<String> {
        let Self { refresh_token, mut errors } = self;
        match errors.check("refresh_token", refresh_token.ok_or_else(Violation::required)) {
            Some(token) => Ok(errors.into_result(token)?),
            None => Err(errors.into()),
        }
    }
}

/// Exchanges a refresh token for a new pair, once.
pub struct Refresh {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) tokens: Arc<dyn TokenCodec>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) issuer: TokenIssuer,
    pub(super) auditor: Auditor,
    pub(super) limit: RefreshLimit,
}

/// What the transaction found.
enum Refreshed {
    Alive(Session),
    Reused,
}

impl Refresh {
    /// The next pair; for a moment after the exchange, the same pair again. A token that was exchanged
    /// before that ends its session: somebody else has it, too.
    pub async fn execute(&self, request: RefreshRequest, caller: Caller) -> Result<TokenPair> {
        let token = request.validate()?;
        let claims = self.tokens.verify_refresh(&token, self.clock.now())?;
        self.limit.admit(claims.session).await?;
        match self.rotate(claims).await? {
            Refreshed::Alive(session) => {
                let now = self.clock.now();
                let current = self.store.read().sessions().find_current(claims.user, claims.session, now).await?;
                self.issuer.issue(&current.ok_or(Error::InvalidToken)?.user, &session, now)
            }
            Refreshed::Reused => {
                self.end(claims, caller).await?;
                Err(Error::InvalidToken)
            }
        }
    }

    async fn rotate(&self, claims: RefreshClaims) -> Result<Refreshed> {
        let RefreshClaims { user, session: id, counter, .. } = claims;
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let session = work.sessions().lock(user, id).await?.ok_or(Error::InvalidToken)?;
                // Under the lock, so that later refreshes have later times.
                let now = self.clock.now();
                match session.judge(counter, now) {
                    Refreshing::Ended => Err(Error::InvalidToken),
                    Refreshing::Reuse => Ok(Outcome::Rollback(Refreshed::Reused)),
                    Refreshing::Repeat => Ok(Outcome::Rollback(Refreshed::Alive(session))),
                    Refreshing::Rotate => {
                        let expires_at = self.issuer.lifetimes.expiry(now, session.ends_at);
                        if !work.sessions().rotate(user, id, counter, now, expires_at).await? {
                            return Err(Error::InvalidToken);
                        }
                        let rotated = Session { counter: counter + 1, last_used_at: now, expires_at, ..session };
                        Ok(Outcome::Commit(Refreshed::Alive(rotated)))
                    }
                }
            })
        })
        .await
    }

    /// In a transaction of its own: whatever ends a session locks the user first, and one order of locks
    /// knows no deadlock.
    async fn end(&self, claims: RefreshClaims, caller: Caller) -> Result<()> {
        let RefreshClaims { user: id, session, .. } = claims;
        change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                let user = work.users().lock(id).await?.ok_or(Error::InvalidToken)?;
                if !work.sessions().revoke(id, session, self.clock.now()).await? {
                    return Err(Error::InvalidToken);
                }
                let event = self.auditor.event(AuditKind::RefreshReused, Some(id), Some(session), Some(&caller));
                work.audit().record(&event).await?;
                Ok(UserChange::Commit { user: id, minimum: user.version, value: () })
            })
        })
        .await?;
        tracing::warn!(user = %id, %session, "a refresh token was used again; its session has ended");
        Ok(())
    }
}

#[cfg(test)]
mod tests;
