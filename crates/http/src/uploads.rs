//! How many uploads are read at once.

use std::time::Duration;

use contacts_application::Error;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::problem::Problem;

/// How many are read at once in this process. Each may take 5 MiB of memory, for as long as its client takes to send
/// it; those that were read wait where pictures are made, which has a bound of its own.
const AT_ONCE: usize = 16;
/// How long the next one waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// The places of uploads that are being read.
pub(crate) struct Uploads {
    places: Semaphore,
    max_wait: Duration,
}

impl Uploads {
    const fn new(places: usize, max_wait: Duration) -> Self {
        Self { places: Semaphore::const_new(places), max_wait }
    }

    /// A place, which is given back when it is dropped: when the upload was read or refused, or its client is gone.
    pub(crate) async fn place(&self) -> Result<SemaphorePermit<'_>, Problem> {
        let place = tokio::time::timeout(self.max_wait, self.places.acquire()).await;
        place.map_err(|_| Problem::from(Error::Busy))?.map_err(Problem::internal)
    }
}

impl Default for Uploads {
    fn default() -> Self {
        Self::new(AT_ONCE, MAX_WAIT)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header;

    use super::*;

    #[tokio::test]
    async fn who_waits_too_long_is_told_when_to_come_back() {
        let uploads = Uploads::new(1, Duration::ZERO);
        let place = uploads.place().await.unwrap();
        let refused = uploads.place().await.unwrap_err().begin().finish();
        assert_eq!(refused.status(), 503);
        assert!(refused.headers().contains_key(header::RETRY_AFTER));
        drop(place);
        assert!(uploads.place().await.is_ok());
    }

    #[test]
    fn sixteen_are_read_at_once_and_the_next_waits_for_five_seconds() {
        let uploads = Uploads::default();
        assert_eq!((uploads.places.available_permits(), uploads.max_wait.as_secs()), (16, 5));
    }
}
