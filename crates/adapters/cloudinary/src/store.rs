use std::{collections::BTreeSet, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use cloudinary::upload::{OptionalParameters, Source, Upload, UploadResult};
use contacts_domain::{
    avatar::{AvatarFormat, AvatarImage, AvatarLocation},
    ids::AvatarId,
    ports::{AvatarStore, StoreError},
};
use tokio::task::JoinSet;

use crate::{failure::Failure, url::CloudinaryUrl};

/// The client itself would wait for ever. Whoever shows another picture waits for two calls, and for no more
/// than 15 seconds: where the old picture cannot be removed, the new one must not seem to have failed.
const DEADLINE: Duration = Duration::from_secs(7);

/// Keeps pictures in a Cloudinary account under the public id `avatars/<id>`. Everybody can see them at
/// the secure URL that Cloudinary gives.
#[derive(Clone)]
pub struct CloudinaryStore {
    upload: Arc<Upload>,
    cloud: String,
    deadline: Duration,
}

impl CloudinaryStore {
    /// Opens no connection yet, so that the service starts while Cloudinary is away. Each call ends within 7 seconds.
    pub fn new(url: &CloudinaryUrl) -> Self {
        Self::with_deadline(url, DEADLINE)
    }

    /// With another bound for each call than 7 seconds: a test need not wait as long.
    pub fn with_deadline(url: &CloudinaryUrl, deadline: Duration) -> Self {
        let upload = Upload::new(url.key().to_owned(), url.cloud().to_owned(), url.secret().to_owned());
        Self { upload: Arc::new(upload), cloud: url.cloud().to_owned(), deadline }
    }

    /// Makes a call of the client in a task of its own, for the client panics where it finds no authority
    /// to trust. Whoever stops waiting, at the deadline or before, ends the call and its connection.
    async fn call<T, E>(&self, call: impl Future<Output = Result<T, E>> + Send + 'static) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: AsRef<dyn std::error::Error + Send + Sync> + Send + 'static,
    {
        let mut task = JoinSet::new();
        task.spawn(call);
        match tokio::time::timeout(self.deadline, task.join_next()).await {
            Ok(Some(Ok(Ok(answer)))) => Ok(answer),
            Ok(Some(Ok(Err(error)))) => Err(Failure::of_client(error.as_ref())),
            Ok(Some(Err(error))) => Err(Failure::Panicked(error)),
            Ok(None) | Err(_) => Err(Failure::Silence(self.deadline)),
        }
    }
}

#[async_trait]
impl AvatarStore for CloudinaryStore {
    async fn store(&self, id: AvatarId, image: &AvatarImage) -> Result<AvatarLocation, StoreError> {
        let options =
            BTreeSet::from([OptionalParameters::PublicId(public_id(id)), OptionalParameters::Overwrite(true)]);
        let data = format!("data:{};base64,{}", image.format.media_type(), STANDARD.encode(&image.bytes));
        let upload = self.upload.clone();
        let answer = self.call(async move { upload.image(Source::DataUrl(data), &options).await }).await?;
        let url = match answer {
            UploadResult::Response(answer) => answer.secure_url,
            UploadResult::ResponseWithImageMetadata(answer) => answer.secure_url,
            // There is no more of it than its words: a trouble of Cloudinary's own, which passes, looks as a wrong
            // secret does, which somebody must put right.
            UploadResult::Error(answer) => {
                return Err(StoreError::Unavailable(Failure::refused(&answer.error.message).into()));
            }
        };
        location(url).map_err(StoreError::from)
    }

    async fn remove(&self, id: AvatarId, _format: AvatarFormat) -> Result<(), StoreError> {
        let upload = self.upload.clone();
        let answer = self.call(async move { upload.destroy(public_id(id)).await }).await?;
        match answer.result.as_str() {
            "ok" | "not found" => Ok(()),
            other => Err(Failure::refused(other).into()),
        }
    }
}

impl fmt::Debug for CloudinaryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudinaryStore").field("cloud", &self.cloud).finish_non_exhaustive()
    }
}

fn public_id(id: AvatarId) -> String {
    format!("avatars/{id}")
}

/// A URL of HTTPS with a host, that can stand in a page or a header as it is.
fn location(url: String) -> Result<AvatarLocation, Failure> {
    let has_host =
        url.strip_prefix("https://").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
    let is_plain = url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\'));
    let refused = Failure::insecure(&url);
    AvatarLocation::new(url).filter(|_| has_host && is_plain).ok_or(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_plain_https_url() {
        let url = "https://res.cloudinary.com/demo/image/upload/v1/avatars/1.jpg";
        assert_eq!(location(url.to_owned()).unwrap().as_str(), url);
        let others = [
            "",
            "http://res.cloudinary.com/a.jpg",
            "//res.cloudinary.com/a.jpg",
            "/media/avatars/a.jpg",
            "https://",
            "https:///a.jpg",
            "https://host/a b.jpg",
            "https://host/a.jpg\r\nSet-Cookie: a=b",
            "https://host/\"onerror=alert(1)",
            "javascript:alert(1)",
        ];
        for other in others {
            assert!(matches!(location(other.to_owned()), Err(Failure::Insecure(_))), "{other}");
        }
    }

    #[test]
    fn the_secret_is_not_shown() {
        let url = CloudinaryUrl::parse("cloudinary://key:s3cr3t@cloud").unwrap();
        assert!(!format!("{:?}", CloudinaryStore::new(&url)).contains("s3cr3t"));
    }

    #[test]
    fn every_call_ends_within_what_the_port_allows() {
        let url = CloudinaryUrl::parse("cloudinary://key:s3cr3t@cloud").unwrap();
        assert!(CloudinaryStore::new(&url).deadline < Duration::from_secs(30));
    }
}
