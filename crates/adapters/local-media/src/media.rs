use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use contacts_domain::{
    avatar::{AvatarFormat, AvatarImage, AvatarLocation},
    ids::AvatarId,
    ports::{AvatarStore, MediaReader, StoreError},
};

use crate::{files, name::Name};

/// How long a disk may take: that of another machine may never answer.
const DEADLINE: Duration = Duration::from_secs(20);
/// Where this service serves the pictures; a slash and a name follow.
const PATH: &str = "/media/avatars";

/// Keeps pictures in the folder `avatars` of a folder of its own. They are located at
/// `/media/avatars/<id>.<extension>`, and read by that last part.
#[derive(Clone, Debug)]
pub struct LocalMedia {
    avatars: PathBuf,
}

/// A path that a location cannot hold is a fault of this file.
#[derive(Debug, thiserror::Error)]
#[error("the location of a picture is malformed")]
struct MalformedLocation;

#[derive(Debug, thiserror::Error)]
#[error("the disk did not answer for {} seconds", DEADLINE.as_secs())]
struct NoAnswer;

impl LocalMedia {
    /// Makes the folder where it does not exist yet, so that a place that cannot be written to is known at
    /// the start and not at the first upload.
    pub fn new(folder: &Path) -> io::Result<Self> {
        let avatars = folder.join("avatars");
        std::fs::create_dir_all(&avatars)?;
        Ok(Self { avatars })
    }

    /// Does the work on a thread for it. Once begun, it is finished, even where nobody waits any more.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let avatars = self.avatars.clone();
        let task = tokio::task::spawn_blocking(move || work(&avatars));
        let ended = tokio::time::timeout(DEADLINE, task).await;
        let result = ended.map_err(|_| StoreError::Unavailable(NoAnswer.into()))?;
        result.map_err(|error| StoreError::Backend(error.into()))?.map_err(fault)
    }
}

#[async_trait]
impl AvatarStore for LocalMedia {
    async fn store(&self, id: AvatarId, image: &AvatarImage) -> Result<AvatarLocation, StoreError> {
        let name = Name::new(id, image.format).to_string();
        let location = AvatarLocation::new(format!("{PATH}/{name}"));
        let location = location.ok_or_else(|| StoreError::Backend(MalformedLocation.into()))?;
        let bytes = image.bytes.clone();
        self.run(move |avatars| files::write(avatars, &name, &bytes)).await?;
        Ok(location)
    }

    async fn remove(&self, id: AvatarId, format: AvatarFormat) -> Result<(), StoreError> {
        let name = Name::new(id, format).to_string();
        self.run(move |avatars| files::remove(avatars, &name)).await
    }
}

#[async_trait]
impl MediaReader for LocalMedia {
    async fn read(&self, name: &str) -> Result<Option<AvatarImage>, StoreError> {
        let Some(name) = Name::parse(name) else { return Ok(None) };
        let bytes = self.run(move |avatars| files::read(avatars, &name.to_string())).await?;
        Ok(bytes.map(|bytes| AvatarImage { format: name.format, bytes }))
    }
}

/// A disk that is full or busy now need not be so later.
fn fault(error: io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull
        | ErrorKind::QuotaExceeded
        | ErrorKind::ResourceBusy
        | ErrorKind::TimedOut
        | ErrorKind::Interrupted
        | ErrorKind::StaleNetworkFileHandle => StoreError::Unavailable(error.into()),
        _ => StoreError::Backend(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_may_have_room_again_and_a_forbidden_one_is_a_fault() {
        assert!(matches!(fault(ErrorKind::StorageFull.into()), StoreError::Unavailable(_)));
        assert!(matches!(fault(ErrorKind::PermissionDenied.into()), StoreError::Backend(_)));
    }
}
