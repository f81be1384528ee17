//! The picture of a user.

use std::fmt;

use crate::{
    Timestamp,
    ids::{AvatarId, UserId},
};

/// Width and height of every stored picture, in pixels.
pub const AVATAR_SIZE: u32 = 512;
/// The largest upload, in bytes.
pub const MAX_UPLOAD_BYTES: usize = 5 * 1024 * 1024;

/// What a picture is stored as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AvatarFormat {
    /// Of a picture without transparency.
    Jpeg,
    /// Of a picture with transparency.
    Png,
}

impl AvatarFormat {
    /// Each format once: a stored picture is one of these, whatever was uploaded.
    pub const ALL: [Self; 2] = [Self::Jpeg, Self::Png];

    /// The end of a file's name, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// As in `Content-Type` (RFC 9110 section 8.3).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// A picture that is safe to show: decoded, cropped to a square of [`AVATAR_SIZE`], and encoded anew, so
/// that nothing of the upload is left but its pixels.
#[derive(Clone, PartialEq, Eq)]
pub struct AvatarImage {
    /// What the bytes are, for the extension and the media type.
    pub format: AvatarFormat,
    /// A complete file, without any metadata.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for AvatarImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AvatarImage({:?}, {} bytes)", self.format, self.bytes.len())
    }
}

/// Where a stored picture is read: an absolute URL, or a path on this service, which begins with `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AvatarLocation(String);

impl AvatarLocation {
    /// `None` where it is neither of the two.
    pub fn new(text: String) -> Option<Self> {
        let is_path = text.starts_with('/') && !text.starts_with("//");
        (is_path || text.starts_with("https://")).then_some(Self(text))
    }

    /// As it is stored: relative to this service where it begins with `/`. For clients there is [`url`](Self::url).
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL, where this service itself is reached at `base` (no slash at its end).
    pub fn url(&self, base: &str) -> String {
        if self.0.starts_with('/') { format!("{base}{}", self.0) } else { self.0.clone() }
    }
}

/// The picture that a user shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Avatar {
    /// That of the upload, so that a new picture is never taken for the one before.
    pub id: AvatarId,
    /// As the store said it when it took the picture.
    pub location: AvatarLocation,
}

/// The record of an upload, written before anything is stored, so that whatever is stored is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvatarUpload {
    /// The one under which the picture is going to be stored.
    pub id: AvatarId,
    /// Whose picture it becomes once it is stored.
    pub user: UserId,
    /// Without it the file could not be named, and so not be removed.
    pub format: AvatarFormat,
    /// What was not finished long after this is taken for lost.
    pub started_at: Timestamp,
}

/// A stored picture that nobody shows any more, or whose upload was never finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbandonedAvatar {
    /// The one that it was stored under, if it ever was.
    pub id: AvatarId,
    /// That of the record, as the store needs it to name the file.
    pub format: AvatarFormat,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_secure_url_or_a_path() {
        let url = |text: &str| AvatarLocation::new(text.into()).map(|location| location.url("http://host"));
        assert_eq!(url("/media/a.jpg").unwrap(), "http://host/media/a.jpg");
        assert_eq!(url("https://cdn.example/a.jpg").unwrap(), "https://cdn.example/a.jpg");
        for other in ["", "a.jpg", "//evil.example/a.jpg", "http://cdn.example/a.jpg", "javascript:alert(1)"] {
            assert_eq!(AvatarLocation::new(other.into()), None, "{other}");
        }
    }
}
