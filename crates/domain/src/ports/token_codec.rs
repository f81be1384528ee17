use crate::{
    Timestamp,
    ids::{SessionId, UserId},
};

/// What an access token says: it is sent with each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// Who calls (`sub`, RFC 7519 section 4.1.2).
    pub user: UserId,
    /// In which session (`sid`): a token is good for no longer than it.
    pub session: SessionId,
    /// The version of the user when it was issued: an older copy of the user is not to be believed.
    pub version: i64,
    /// Whole seconds, as in every token.
    pub issued_at: Timestamp,
    /// Whole seconds. At this instant it is not valid any more, but for the leeway.
    pub expires_at: Timestamp,
}

/// What a refresh token says: it is exchanged for a new pair, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshClaims {
    /// Who calls (`sub`, RFC 7519 section 4.1.2).
    pub user: UserId,
    /// The session that is refreshed (`sid`).
    pub session: SessionId,
    /// Which refresh token of its session it is.
    pub counter: i64,
    /// Whole seconds.
    pub issued_at: Timestamp,
    /// Whole seconds: when the session ends unless it is refreshed.
    pub expires_at: Timestamp,
}

/// Signs tokens and reads them back. It knows no clock: the caller says what time it is. The same claims
/// make the same token.
///
/// To verify, it MUST refuse the other kind, any other algorithm, key, issuer or audience, and a token
/// that has expired (a leeway of at most 5 seconds is allowed). It MUST accept what was signed with an
/// older key that is still known.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
pub trait TokenCodec: Send + Sync {
    /// Signs them. Fails only with [`Backend`](TokenError::Backend).
    fn issue_access(&self, claims: &AccessClaims) -> Result<String, TokenError>;

    /// What the token says, where it is an access token that is valid at `now`; else [`Invalid`](TokenError::Invalid).
    fn verify_access(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError>;

    /// Signs them. Fails only with [`Backend`](TokenError::Backend).
    fn issue_refresh(&self, claims: &RefreshClaims) -> Result<String, TokenError>;

    /// What the token says, where it is a refresh token that is valid at `now`; else [`Invalid`](TokenError::Invalid).
    fn verify_refresh(&self, token: &str, now: Timestamp) -> Result<RefreshClaims, TokenError>;
}

/// Why there is no token, or nothing to read in one.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Whatever is wrong with it: who sent it learns no more.
    #[error("the token is not valid")]
    Invalid,
    /// A fault in this system: nobody's token is to blame.
    #[error("the token could not be signed")]
    Backend(#[source] super::Source),
}
