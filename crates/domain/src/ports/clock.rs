use uuid::Uuid;

use crate::Timestamp;

/// The time. Nothing in this system asks another.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
pub trait Clock: Send + Sync {
    /// Now, in UTC, truncated to whole microseconds.
    fn now(&self) -> Timestamp;
}

/// Ids that were never given out before, on any machine.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
pub trait IdGenerator: Send + Sync {
    /// A UUID of version 7 (RFC 9562): those of one process sort as they were made.
    fn next(&self) -> Uuid;
}
