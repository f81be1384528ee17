//! Why a use case did not succeed.
//!
//! What a port reports becomes what a client must tell apart, and nothing more:
//!
//! ```
//! use contacts_application::Error;
//! use contacts_domain::ports::{RepositoryError, UniqueKey};
//!
//! assert!(matches!(RepositoryError::Conflict(UniqueKey::UserEmail).into(), Error::EmailTaken));
//! assert!(matches!(RepositoryError::Unavailable("refused".into()).into(), Error::Unavailable(_)));
//! assert!(matches!(RepositoryError::Backend("syntax".into()).into(), Error::Internal(_)));
//! ```

use std::time::Duration;

use contacts_domain::{
    Timestamp,
    creation_quota::Exceeded,
    ports::{HasherError, PipelineError, RepositoryError, Source, StoreError, TokenError, UniqueKey},
    validation::ValidationErrors,
};

/// What every use case returns.
pub type Result<T> = std::result::Result<T, Error>;

/// A variant exists only where a client must tell it apart.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Everything that is wrong with the request.
    #[error("the request is not valid")]
    Invalid(#[from] ValidationErrors),
    /// No such account, or another password: which of them is not told.
    #[error("the e-mail address or the password is wrong")]
    InvalidCredentials,
    /// Not one of ours, expired, or of an account that is gone.
    #[error("the token is not valid")]
    InvalidToken,
    /// Right address and password, but nobody proved yet that the address is theirs.
    #[error("the e-mail address is not verified")]
    EmailNotVerified,
    /// Who is logged in does not know the password.
    #[error("the password is wrong")]
    WrongPassword,
    /// A mailed link that was never made, is used up or over, or is for something else.
    #[error("the link is not valid")]
    InvalidLink,
    /// It does not exist, or belongs to somebody else.
    #[error("there is nothing here")]
    NotFound,
    /// Another account has an address with the same key, or got it while this request was under way.
    #[error("the e-mail address belongs to an account already")]
    EmailTaken,
    /// Not a picture that can be read.
    #[error("the picture cannot be read")]
    UnsupportedImage,
    /// More pixels, more memory to decode, or more scans than are allowed. What has too many bytes does not come here.
    #[error("the picture is too large")]
    ImageTooLarge,
    /// Too often in too short a time.
    #[error("too many requests")]
    RateLimited {
        /// From now, the time after which another attempt may succeed.
        retry_after: Duration,
    },
    /// Too many contacts were created lately; judged at `now`.
    #[error("the quota of new contacts is used up")]
    QuotaExceeded {
        /// From when on as many are possible, or that so many never are.
        exceeded: Exceeded,
        /// The time that it was judged by, so that the wait can be told without another clock.
        now: Timestamp,
    },
    /// The contact is not in the state that the request is for.
    #[error("the contact is in another state")]
    PreconditionFailed,
    /// An idempotency key came with another request than the first time.
    #[error("the idempotency key belongs to another request")]
    IdempotencyKeyReused,
    /// Another attempt of the same request is being carried out: for so long at the most, never less than a second.
    #[error("the request is being carried out")]
    InFlight {
        /// The longest that the other attempt holds its place.
        retry_after: Duration,
    },
    /// Everything that is wrong with the operations of an atomic batch, of which none was carried out. Places
    /// begin with that of the operation: `operations/3/contact/email`.
    #[error("the batch cannot be carried out")]
    BatchFailed(ValidationErrors),
    /// The token is of another history, or of a time whose deletions are forgotten: the client begins anew.
    #[error("the token of the changes feed is not known any more")]
    SyncTokenExpired,
    /// Too much slow work waits. Trying again later may succeed.
    #[error("too busy for more slow work")]
    Busy,
    /// Trying again later may succeed.
    #[error("the service cannot answer for now")]
    Unavailable(#[source] Source),
    /// A fault of this system. The cause is for the log alone.
    #[error("something went wrong inside")]
    Internal(#[source] Source),
}

impl From<RepositoryError> for Error {
    fn from(error: RepositoryError) -> Self {
        match error {
            RepositoryError::Conflict(UniqueKey::UserEmail) => Self::EmailTaken,
            RepositoryError::Unavailable(_) => Self::Unavailable(error.into()),
            RepositoryError::Conflict(UniqueKey::Id)
            | RepositoryError::Inconsistent(_)
            | RepositoryError::Backend(_) => Self::Internal(error.into()),
        }
    }
}

impl From<HasherError> for Error {
    fn from(error: HasherError) -> Self {
        match error {
            HasherError::Busy => Self::Busy,
            HasherError::Backend(_) => Self::Internal(error.into()),
        }
    }
}

impl From<PipelineError> for Error {
    fn from(error: PipelineError) -> Self {
        match error {
            PipelineError::Unsupported => Self::UnsupportedImage,
            PipelineError::TooLarge => Self::ImageTooLarge,
            PipelineError::Busy => Self::Busy,
            PipelineError::Backend(_) => Self::Internal(error.into()),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Unavailable(error.into()),
            StoreError::Backend(_) => Self::Internal(error.into()),
        }
    }
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid => Self::InvalidToken,
            TokenError::Backend(_) => Self::Internal(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{error::Error as _, iter::successors};

    use super::*;

    fn chain(error: &Error) -> Vec<String> {
        let first: &(dyn std::error::Error + 'static) = error;
        successors(Some(first), |&error| error.source()).map(ToString::to_string).collect()
    }

    #[test]
    fn the_errors_of_the_database_are_told_apart() {
        assert!(matches!(RepositoryError::Conflict(UniqueKey::UserEmail).into(), Error::EmailTaken));
        assert!(matches!(RepositoryError::Conflict(UniqueKey::Id).into(), Error::Internal(_)));
        assert!(matches!(RepositoryError::Unavailable("refused".into()).into(), Error::Unavailable(_)));
        assert!(matches!(RepositoryError::Inconsistent("no day".into()).into(), Error::Internal(_)));
        assert!(matches!(RepositoryError::Backend("syntax".into()).into(), Error::Internal(_)));
    }

    #[test]
    fn the_errors_of_the_hasher_are_told_apart() {
        assert!(matches!(HasherError::Busy.into(), Error::Busy));
        assert!(matches!(HasherError::Backend("no memory".into()).into(), Error::Internal(_)));
    }

    #[test]
    fn the_errors_of_tokens_are_told_apart() {
        assert!(matches!(TokenError::Invalid.into(), Error::InvalidToken));
        assert!(matches!(TokenError::Backend("no key".into()).into(), Error::Internal(_)));
    }

    #[test]
    fn the_errors_of_pictures_are_told_apart() {
        assert!(matches!(PipelineError::Unsupported.into(), Error::UnsupportedImage));
        assert!(matches!(PipelineError::TooLarge.into(), Error::ImageTooLarge));
        assert!(matches!(PipelineError::Busy.into(), Error::Busy));
        assert!(matches!(PipelineError::Backend("no memory".into()).into(), Error::Internal(_)));
        assert!(matches!(StoreError::Unavailable("refused".into()).into(), Error::Unavailable(_)));
        assert!(matches!(StoreError::Backend("no space".into()).into(), Error::Internal(_)));
    }

    #[test]
    fn the_whole_chain_of_causes_is_kept_and_each_link_says_something_of_its_own() {
        for error in [
            RepositoryError::Unavailable("connection refused".into()).into(),
            RepositoryError::Backend("connection refused".into()).into(),
            HasherError::Backend("connection refused".into()).into(),
            TokenError::Backend("connection refused".into()).into(),
            PipelineError::Backend("connection refused".into()).into(),
            StoreError::Unavailable("connection refused".into()).into(),
            StoreError::Backend("connection refused".into()).into(),
        ] {
            let chain = chain(&error);
            assert_eq!(chain.len(), 3, "{chain:?}");
            assert_eq!(chain[2], "connection refused");
            assert!(!chain[0].contains(&chain[1]) && !chain[1].contains(&chain[2]), "{chain:?}");
        }
    }

    #[test]
    fn what_a_client_did_wrong_has_no_cause_to_log() {
        assert!(Error::InvalidCredentials.source().is_none());
        assert!(Error::from(TokenError::Invalid).source().is_none());
        assert!(Error::from(PipelineError::Unsupported).source().is_none());
        assert!(Error::from(RepositoryError::Conflict(UniqueKey::UserEmail)).source().is_none());
    }
}
