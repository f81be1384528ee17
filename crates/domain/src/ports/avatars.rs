use async_trait::async_trait;

use super::{RepositoryResult, Source};
use crate::{
    Timestamp,
    avatar::{AbandonedAvatar, AvatarFormat, AvatarImage, AvatarLocation, AvatarUpload},
    ids::{AvatarId, UserId},
};

/// Makes of an upload a picture that is safe to show.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AvatarPipeline: Send + Sync {
    /// A picture of [`AVATAR_SIZE`](crate::avatar::AVATAR_SIZE) squared: turned upright as the upload says,
    /// its middle, encoded anew. Only JPEG, PNG and WebP are read, by their content. MUST refuse a file that is
    /// another document as well. MUST bound memory whatever the upload claims, MUST keep the work off the threads that answer other requests, and MUST
    /// bound how much of it waits.
    async fn process(&self, upload: Vec<u8>) -> Result<AvatarImage, PipelineError>;
}

/// Why there is no picture of an upload.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// Not a JPEG, PNG or WebP, or a broken one, or one that is something else as well.
    #[error("this is not a picture that can be read")]
    Unsupported,
    /// More than 4096 pixels wide or high, more memory than 64 MiB to decode, or more scans than a JPEG needs.
    #[error("the picture is too large")]
    TooLarge,
    /// Too many pictures wait. Trying again later may succeed.
    #[error("too many pictures are waiting")]
    Busy,
    /// Anything else: a fault in this system.
    #[error("a picture could not be processed")]
    Backend(#[source] Source),
}

/// Keeps pictures where everybody can see them.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AvatarStore: Send + Sync {
    /// Stores a picture under an id that is new. MUST end within a bound of 30 seconds; after an error it
    /// may be stored or not.
    async fn store(&self, id: AvatarId, image: &AvatarImage) -> Result<AvatarLocation, StoreError>;

    /// Removes a picture. Succeeds where there is none.
    async fn remove(&self, id: AvatarId, format: AvatarFormat) -> Result<(), StoreError>;
}

/// Reads pictures that this service serves itself.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait MediaReader: Send + Sync {
    /// The picture of this name: an avatar's id, a dot and the extension of its format. MUST be `None` for any
    /// other name, whatever it would lead to.
    async fn read(&self, name: &str) -> Result<Option<AvatarImage>, StoreError>;
}

/// Why a picture was not stored, removed or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Trying again later may succeed.
    #[error("the store of pictures is unavailable")]
    Unavailable(#[source] Source),
    /// Anything else: trying again will not help.
    #[error("the store of pictures failed")]
    Backend(#[source] Source),
}

/// The record of what was uploaded, within a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AvatarRepository: Send {
    /// Notes an upload before it happens.
    async fn begin(&mut self, upload: &AvatarUpload) -> RepositoryResult<()>;

    /// Makes an upload the picture that its user shows; the one before is abandoned. `false`, and nothing
    /// happens, where the upload is not known any more: it took too long, and was swept away.
    async fn show(&mut self, user: UserId, id: AvatarId) -> RepositoryResult<bool>;

    /// Abandons the picture that a user shows. `false` where they show none. An upload that is under way is left
    /// alone: its picture may be stored after all else, so it is abandoned once it is old.
    async fn hide(&mut self, user: UserId) -> RepositoryResult<bool>;

    /// Pictures that were abandoned, and uploads that began before this time and were never finished: the
    /// latter are abandoned by this call. At most `limit`.
    async fn abandoned(&mut self, begun_before: Timestamp, limit: u32) -> RepositoryResult<Vec<AbandonedAvatar>>;

    /// Forgets an abandoned picture, once it is removed.
    async fn forget(&mut self, id: AvatarId) -> RepositoryResult<()>;
}
