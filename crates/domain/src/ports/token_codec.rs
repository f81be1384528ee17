use crate::{Timestamp, ids::UserId};

/// What a token is for. One kind is never accepted as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Sent with each request.
    Access,
    /// Exchanged for a new pair.
    Refresh,
}

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    pub user: UserId,
    /// Whole seconds: a token holds no more.
    pub expires_at: Timestamp,
}

/// Signs tokens and reads them back. It knows no clock: the caller says what time it is.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
pub trait TokenCodec: Send + Sync {
    /// A token that nobody else can make.
    fn issue(&self, kind: TokenKind, claims: &Claims, now: Timestamp) -> Result<String, TokenError>;

    /// MUST refuse any other kind, algorithm, key, issuer or audience, and a token that has expired
    /// (a leeway of at most 5 seconds is allowed).
    fn verify(&self, kind: TokenKind, token: &str, now: Timestamp) -> Result<Claims, TokenError>;
}

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Whatever is wrong with it: who sent it learns no more.
    #[error("the token is not valid")]
    Invalid,
    #[error("the token could not be signed")]
    Backend(#[source] super::Source),
}
