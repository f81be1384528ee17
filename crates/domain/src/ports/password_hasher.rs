use async_trait::async_trait;

use super::Source;
use crate::password::{Password, PasswordHash};

/// Hashes passwords, slowly on purpose.
///
/// An adapter MUST keep the work off the threads that answer other requests, and MUST bound how much
/// of it waits.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// A hash with a salt of its own.
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HasherError>;

    /// Whether the password is the one that was hashed. Without a hash (nobody has this account) it is
    /// `Wrong`, and MUST cost the same work. MUST know hashes that were made with an older pepper that is
    /// still known, or with another cost.
    async fn verify<'a>(
        &self,
        password: &Password,
        hash: Option<&'a PasswordHash>,
    ) -> Result<Verification, HasherError>;
}

/// What is to say of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// Another password, or nobody's.
    Wrong,
    /// The password, hashed as it would be today.
    Right,
    /// Right, and hashed otherwise than it would be today: hash it anew while it is known.
    Outdated,
}

/// Why nothing can be said of a password.
#[derive(Debug, thiserror::Error)]
pub enum HasherError {
    /// Too many passwords wait to be hashed. Trying again later may succeed.
    #[error("too many passwords are waiting to be hashed")]
    Busy,
    /// Anything else: a fault in this system, or a stored hash that is none.
    #[error("a password could not be hashed")]
    Backend(#[source] Source),
}
