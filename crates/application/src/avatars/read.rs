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
    /// The picture of this file name.
    ///
    /// # Errors
    ///
    /// [`NotFound`](Error::NotFound) for every name that is none, and wherever pictures are not stored here;
    /// [`Unavailable`](Error::Unavailable).
    pub async fn execute(&self, name: &str) -> Result<AvatarImage> {
        match &self.media {
            Some(media) => media.read(name).await?.ok_or(Error::NotFound),
            None => Err(Error::NotFound),
        }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        avatar::AvatarFormat,
        ports::{MockMediaReader, StoreError},
    };
    use mockall::predicate::eq;

    use super::*;

    async fn read(media: MockMediaReader) -> Result<AvatarImage> {
        ReadAvatar { media: Some(Arc::new(media)) }.execute("1.png").await
    }

    #[tokio::test]
    async fn a_stored_picture_is_read() {
        let image = AvatarImage { format: AvatarFormat::Png, bytes: vec![1, 2, 3] };
        let (mut media, stored) = (MockMediaReader::new(), image.clone());
        media.expect_read().times(1).with(eq("1.png")).return_once(|_| Ok(Some(stored)));
        assert_eq!(read(media).await.unwrap(), image);
    }

    #[tokio::test]
    async fn nothing_is_found_under_another_name_or_where_pictures_are_stored_elsewhere() {
        let mut media = MockMediaReader::new();
        media.expect_read().times(1).returning(|_| Ok(None));
        assert!(matches!(read(media).await, Err(Error::NotFound)));
        assert!(matches!(ReadAvatar { media: None }.execute("1.png").await, Err(Error::NotFound)));
    }

    #[tokio::test]
    async fn a_store_that_cannot_be_reached_is_not_a_missing_picture() {
        let mut media = MockMediaReader::new();
        media.expect_read().times(1).returning(|_| Err(StoreError::Unavailable("refused".into())));
        assert!(matches!(read(media).await, Err(Error::Unavailable(_))));
    }
}
