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

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use contacts_domain::ports::{MockTokenCodec, TokenError};
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{a_session, ada, lifetimes, now};

    fn issue(codec: MockTokenCodec, session: &Session) -> Result<TokenPair> {
        TokenIssuer { codec: Arc::new(codec), lifetimes: lifetimes() }.issue(&ada(), session, now())
    }

    fn seconds(time: Timestamp) -> Timestamp {
        Timestamp::from_timestamp(time.timestamp(), 0).unwrap()
    }

    /// Expects the tokens of Ada in this session, both issued when it was used last.
    fn codec(session: &Session, access_expires_at: Timestamp) -> MockTokenCodec {
        let issued_at = seconds(session.last_used_at);
        let (user, id) = (ada().id, session.id);
        let access =
            AccessClaims { user, session: id, version: ada().version, issued_at, expires_at: access_expires_at };
        let expires_at = seconds(session.expires_at);
        let refresh = RefreshClaims { user, session: id, counter: session.counter, issued_at, expires_at };
        let mut codec = MockTokenCodec::new();
        codec.expect_issue_access().with(eq(access)).returning(|_| Ok("access".into()));
        codec.expect_issue_refresh().with(eq(refresh)).returning(|_| Ok("refresh".into()));
        codec
    }

    #[test]
    fn a_pair_follows_from_the_session_alone_and_counts_from_its_last_use() {
        let session = a_session();
        let expires_at = seconds(session.last_used_at) + TimeDelta::minutes(15);
        let pair = issue(codec(&session, expires_at), &session).unwrap();
        assert_eq!((pair.access_token.as_str(), pair.refresh_token.as_str()), ("access", "refresh"));
        assert_eq!(pair.expires_in, Duration::from_mins(14));
    }

    #[test]
    fn no_token_outlives_the_session() {
        let end = now() + TimeDelta::minutes(5);
        let ending = Session { last_used_at: now(), expires_at: end, ends_at: end, ..a_session() };
        let pair = issue(codec(&ending, seconds(end)), &ending).unwrap();
        assert_eq!(pair.expires_in, Duration::from_mins(5));
    }

    #[test]
    fn a_token_that_is_over_is_said_to_be() {
        let long_ago = now() - TimeDelta::hours(2);
        let idle = Session { last_used_at: long_ago, ..a_session() };
        let pair = issue(codec(&idle, seconds(long_ago) + TimeDelta::minutes(15)), &idle).unwrap();
        assert_eq!(pair.expires_in, Duration::ZERO);
    }

    #[test]
    fn a_token_that_cannot_be_signed_is_an_internal_error() {
        let mut codec = MockTokenCodec::new();
        codec.expect_issue_access().times(1).returning(|_| Err(TokenError::Backend("no key".into())));
        assert!(matches!(issue(codec, &a_session()), Err(Error::Internal(_))));
    }

    #[test]
    fn tokens_do_not_show() {
        let session = a_session();
        let pair = issue(codec(&session, seconds(session.last_used_at) + TimeDelta::minutes(15)), &session).unwrap();
        let shown = format!("{pair:?}");
        assert!(!shown.contains("\"access\"") && !shown.contains("\"refresh\""), "{shown}");
    }
}
