//! The account, as Cloudinary's console shows it for copying.

use std::fmt;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};

/// `cloudinary://<API key>:<API secret>@<cloud name>`. Key and secret may be percent-encoded (RFC 3986,
/// section 2.1), and must be where they hold a colon or an at sign.
#[derive(Clone)]
pub struct CloudinaryUrl {
    key: String,
    secret: SecretString,
    cloud: String,
}

/// What is wrong, without a word of what was given: it holds a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCloudinaryUrl {
    /// It does not begin with `cloudinary://`, or lacks the colon or the at sign.
    #[error("it must have the form cloudinary://<API key>:<API secret>@<cloud name>")]
    Form,
    /// One of the two is empty, or is not UTF-8 once it is percent-decoded.
    #[error("its API key and its API secret must not be empty, and must be text once percent-decoded")]
    Credentials,
    /// It becomes a part of a path, so nothing else may be in it.
    #[error("its cloud name must consist of letters, digits, hyphens and underscores, and nothing may follow it")]
    Cloud,
}

impl CloudinaryUrl {
    /// Nobody is asked whether there is such an account.
    ///
    /// # Errors
    ///
    /// The first part that is wrong; the error holds nothing of the text.
    pub fn parse(text: &str) -> Result<Self, InvalidCloudinaryUrl> {
        let rest = text.strip_prefix("cloudinary://").ok_or(InvalidCloudinaryUrl::Form)?;
        let (credentials, cloud) = rest.rsplit_once('@').ok_or(InvalidCloudinaryUrl::Form)?;
        let (key, secret) = credentials.split_once(':').ok_or(InvalidCloudinaryUrl::Form)?;
        let (key, secret) = (decoded(key)?, decoded(secret)?);
        // It becomes a part of a path.
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if cloud.is_empty() || !cloud.chars().all(is_name) {
            return Err(InvalidCloudinaryUrl::Cloud);
        }
        Ok(Self { key, secret: secret.into(), cloud: cloud.to_owned() })
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }

    pub(crate) fn cloud(&self) -> &str {
        &self.cloud
    }
}

fn decoded(text: &str) -> Result<String, InvalidCloudinaryUrl> {
    let decoded = percent_decode_str(text).decode_utf8().map_err(|_| InvalidCloudinaryUrl::Credentials)?;
    if decoded.is_empty() { Err(InvalidCloudinaryUrl::Credentials) } else { Ok(decoded.into_owned()) }
}

impl fmt::Debug for CloudinaryUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cloudinary://{}:***@{}", self.key, self.cloud)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_from_its_url() {
        let cases = [
            ("cloudinary://123:s3cr3t@my-cloud_1", ("123", "s3cr3t", "my-cloud_1")),
            ("cloudinary://a%3Ab:s%40c%2Fr%25t%C3%A9@cloud", ("a:b", "s@c/r%té", "cloud")),
            ("cloudinary://key:a:b@c@cloud", ("key", "a:b@c", "cloud")),
        ];
        for (text, expected) in cases {
            let url = CloudinaryUrl::parse(text).unwrap();
            assert_eq!((url.key(), url.secret(), url.cloud()), expected, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_url_is_said() {
        use InvalidCloudinaryUrl::{Cloud, Credentials, Form};
        let cases = [
            ("", Form),
            ("https://key:secret@cloud", Form),
            ("CLOUDINARY_URL=cloudinary://key:secret@cloud", Form),
            ("cloudinary://key:secret", Form),
            ("cloudinary://key@cloud", Form),
            ("cloudinary://:secret@cloud", Credentials),
            ("cloudinary://key:@cloud", Credentials),
            ("cloudinary://key:%FF@cloud", Credentials),
            ("cloudinary://key:secret@", Cloud),
            ("cloudinary://key:secret@cloud/../other", Cloud),
            ("cloudinary://key:secret@cloud?secure=true", Cloud),
            ("cloudinary://key:secret@clo ud", Cloud),
        ];
        for (text, expected) in cases {
            assert_eq!(CloudinaryUrl::parse(text).map(|_| ()), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_secret_is_not_shown() {
        let url = CloudinaryUrl::parse("cloudinary://key:s3cr3t@cloud").unwrap();
        assert_eq!(format!("{url:?}"), "cloudinary://key:***@cloud");
    }
}
