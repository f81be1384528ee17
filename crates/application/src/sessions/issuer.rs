//! The tokens that somebody who is logged in holds.

use std::{fmt, sync::Arc, time::Duration};

use contacts_domain::{
    Timestamp,
    ports::{AccessClaims, RefreshClaims, TokenCodec},
    session::{Session, SessionLifetimes},
    user::User,
};

use crate::{Error, Result};

/// What a login is answered with.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenPair {
    /// Sent with each request.
    pub access_token: String,
    /// Exchanged for a new pair.
    pub refresh_token: String,
    /// How long the access token is accepted.
    pub expires_in: Duration,
}

/// The tokens are as good as a password, so no output ever shows them.
impl fmt::Debug for TokenPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenPair").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// Makes pairs of tokens.
#[derive(Clone)]
pub(super) struct TokenIssuer {
    pub(super) codec: Arc<dyn TokenCodec>,
    pub(super) lifetimes: SessionLifetimes,
}

impl TokenIssuer {
    /// The pair of a session as it is now. Everything in it follows from the session and the user, so that a
    /// pair whose answer was lost can be given again.
    pub(super) fn issue(&self, user: &User, session: &Session, now: Timestamp) -> Result<TokenPair> {
        let issued_at = whole_seconds(session.last_used_at)?;
        let access = AccessClaims {
            user: user.id,
            session: session.id,
            version: user.version,
            issued_at,
            expires_at: whole_seconds(self.lifetimes.access_expiry(session.last_used_at, session.ends_at))?,
        };
        let refresh = RefreshClaims {
            user: user.id,
            session: session.id,
            counter: session.counter,
            issued_at,
            expires_at: whole_seconds(session.expires_at)?,
        };
        // To the nearest second: the parts of a second that passed since the login are nobody's concern.
        let left = access.expires_at.signed_duration_since(whole_seconds(now)?);
        Ok(TokenPair {
            access_token: self.codec.issue_access(&access)?,
            refresh_token: self.codec.issue_refresh(&refresh)?,
            expires_in: Duration::from_secs(left.to_std().unwrap_or_default().as_secs()),
        })
    }
}

/// A token holds no parts of a second; none lives longer than it should.
fn whole_seconds(time: Timestamp) -> Result<Timestamp> {
    Timestamp::from_timestamp(time.timestamp(), 0)
        .ok_or_else(|| Error::Internal("a time is beyond the calendar".into()))
}
