//! Reading a picture that this service serves itself.

use std::sync::Arc;

use contacts_domain::{avatar::AvatarImage, ports::MediaReader};

use crate::{Error, Result};

/// Reads a stored picture, for everybody.
pub struct ReadAvatar {
    /// `None` where pictures are stored elsewhere.
    pub(super) media: Option<Arc<dyn MediaReader>>,
}

impl ReadAvatar {
    pub async fn execute(&self, name: &str) -> Result<AvatarImage> {
        match &self.media {
            Some(media) => media.read(name).await?.ok_or(Error::NotFound),
            None => Err(Error::NotFound),
        }
    }
}
