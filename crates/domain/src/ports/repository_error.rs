use super::Source;

/// Why a repository could not do what it was asked.
///
/// After any of these the unit of work MUST NOT be used but to roll it back: PostgreSQL refuses
/// further statements, and SQLite is held to the same.
#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    /// Another row has this value already. Nothing was written.
    #[error("a unique value is taken: {0:?}")]
    Conflict(UniqueKey),
    /// The database cannot be reached, or has no connection to spare in time. Trying again later may
    /// succeed.
    #[error("the database is unavailable")]
    Unavailable(#[source] Source),
    /// What is stored is not what was ever written.
    #[error("stored data is inconsistent: {0}")]
    Inconsistent(String),
    /// Anything else: a fault in this system or the database.
    #[error("the database failed")]
    Backend(#[source] Source),
}

/// Values that no two rows share, and that a user can run into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UniqueKey {
    /// The [account key](crate::email_address::EmailAddress::account_key) of a user's address.
    UserEmail,
    /// The id of a new row: made twice, which does not happen.
    Id,
}

/// What every method of a repository returns.
pub type RepositoryResult<T> = Result<T, RepositoryError>;
