//! What the cases are made of: both kinds of token, seen alike.

use chrono::TimeDelta;
use contacts_domain::{
    Timestamp,
    ids::{SessionId, UserId},
    ports::{AccessClaims, RefreshClaims, TokenCodec, TokenError},
};

use crate::fixtures::unique_uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Access,
    Refresh,
}

/// What either kind says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) user: UserId,
    pub(super) session: SessionId,
    /// The version of an access token, the counter of a refresh token.
    pub(super) number: i64,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// For somebody, for a quarter of an hour.
pub(super) fn claims(now: Timestamp) -> Claims {
    Claims {
        user: UserId::new(unique_uuid()),
        session: SessionId::new(unique_uuid()),
        number: 7,
        issued_at: now,
        expires_at: now + TimeDelta::minutes(15),
    }
}

impl Kind {
    pub(super) const ALL: [Self; 2] = [Self::Access, Self::Refresh];

    pub(super) const fn other(self) -> Self {
        match self {
            Self::Access => Self::Refresh,
            Self::Refresh => Self::Access,
        }
    }

    pub(super) fn issue(self, codec: &dyn TokenCodec, claims: &Claims) -> String {
        let Claims { user, session, number, issued_at, expires_at } = *claims;
        let token = match self {
            Self::Access => codec.issue_access(&AccessClaims { user, session, version: number, issued_at, expires_at }),
            Self::Refresh => {
                codec.issue_refresh(&RefreshClaims { user, session, counter: number, issued_at, expires_at })
            }
        };
        token.expect("a token is signed")
    }

    pub(super) fn verify(self, codec: &dyn TokenCodec, token: &str, now: Timestamp) -> Result<Claims, TokenError> {
        match self {
            Self::Access => codec.verify_access(token, now).map(|claims| {
                let AccessClaims { user, session, version, issued_at, expires_at } = claims;
                Claims { user, session, number: version, issued_at, expires_at }
            }),
            Self::Refresh => codec.verify_refresh(token, now).map(|claims| {
                let RefreshClaims { user, session, counter, issued_at, expires_at } = claims;
                Claims { user, session, number: counter, issued_at, expires_at }
            }),
        }
    }

    /// The token is called invalid, and nothing else.
    pub(super) fn assert_refused(self, codec: &dyn TokenCodec, token: &str, now: Timestamp, why: &str) {
        match self.verify(codec, token, now) {
            Err(TokenError::Invalid) => {}
            Err(error) => panic!("it must be called invalid, not {error:?}: {why}"),
            Ok(_) => panic!("this {self:?} token must be refused: {why}"),
        }
    }
}
