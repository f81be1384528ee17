//! The tokens that somebody who is logged in holds.

use std::{fmt, sync::Arc, time::Duration};

use contacts_domain::{
    Timestamp,
    ids::UserId,
    ports::{Claims, TokenCodec, TokenKind},
};

use crate::{Error, Result};

/// How long tokens are accepted. Parts of a second do not count: a token holds none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenLifetimes {
    pub access: Duration,
    pub refresh: Duration,
}

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
    pub(super) lifetimes: TokenLifetimes,
}

impl TokenIssuer {
    pub(super) fn issue(&self, user: UserId, now: Timestamp) -> Result<TokenPair> {
        let TokenLifetimes { access, refresh } = self.lifetimes;
        let token = |kind, lifetime| -> Result<String> {
            let claims = Claims { user, expires_at: expiry(now, lifetime)? };
            Ok(self.codec.issue(kind, &claims, now)?)
        };
        Ok(TokenPair {
            access_token: token(TokenKind::Access, access)?,
            refresh_token: token(TokenKind::Refresh, refresh)?,
            expires_in: Duration::from_secs(access.as_secs()),
        })
    }
}

/// Whole seconds, rounded down: no token lives longer than it should.
fn expiry(now: Timestamp, lifetime: Duration) -> Result<Timestamp> {
    now.timestamp()
        .checked_add_unsigned(lifetime.as_secs())
        .and_then(|seconds| Timestamp::from_timestamp(seconds, 0))
        .ok_or_else(|| Error::Internal("a token would live longer than the calendar".into()))
}

#[cfg(test)]
mod tests {
    use contacts_domain::ports::{MockTokenCodec, TokenError};

    use super::*;
    use crate::testing::{ada, now};

    fn issuer(codec: MockTokenCodec, lifetime: Duration) -> TokenIssuer {
        TokenIssuer { codec: Arc::new(codec), lifetimes: TokenLifetimes { access: lifetime, refresh: lifetime * 2 } }
    }

    #[test]
    fn each_token_is_of_its_kind_and_expires_in_whole_seconds() {
        let mut codec = MockTokenCodec::new();
        codec.expect_issue().times(2).returning(|kind, claims, at| {
            assert_eq!((claims.user, at), (ada().id, now()));
            Ok(format!("{kind:?} {}", claims.expires_at))
        });
        let pair = issuer(codec, Duration::from_millis(60_900)).issue(ada().id, now()).unwrap();
        assert_eq!(pair.access_token, "Access 2026-11-22 20:01:00 UTC");
        assert_eq!(pair.refresh_token, "Refresh 2026-11-22 20:02:01 UTC");
        assert_eq!(pair.expires_in, Duration::from_secs(60));
    }

    #[test]
    fn there_is_no_pair_when_a_token_cannot_be_signed() {
        let mut codec = MockTokenCodec::new();
        codec.expect_issue().times(2).returning(|kind, _, _| match kind {
            TokenKind::Access => Ok("access".into()),
            TokenKind::Refresh => Err(TokenError::Backend("no key".into())),
        });
        let result = issuer(codec, Duration::from_secs(60)).issue(ada().id, now());
        assert!(matches!(result, Err(Error::Internal(_))));
    }

    #[test]
    fn a_lifetime_without_end_is_an_error_and_no_panic() {
        for lifetime in [Duration::from_secs(u64::MAX / 2), Duration::from_secs(1 << 60)] {
            let result = issuer(MockTokenCodec::new(), lifetime).issue(ada().id, now());
            assert!(matches!(result, Err(Error::Internal(_))), "{lifetime:?}");
        }
    }

    #[test]
    fn tokens_do_not_show() {
        let pair = TokenPair {
            access_token: "secret-a".into(),
            refresh_token: "secret-r".into(),
            expires_in: Duration::from_secs(60),
        };
        let shown = format!("{pair:?}");
        assert!(!shown.contains("secret") && shown.contains("60"), "{shown}");
    }
}
