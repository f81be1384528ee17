//! How many long bodies are read at once.

use std::time::Duration;

use contacts_application::Error;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::problem::Problem;

/// Pictures: each may take 5 MiB of memory, for as long as its client takes to send it; those that were read wait where
/// pictures are made, which has a bound of its own.
const UPLOADS: usize = 16;
/// Batches beyond what other bodies may be: each may take 32 MiB, and some more while it is understood.
const BATCHES: usize = 8;
/// How long the next one waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// The places of the long bodies of one kind that are being read.
pub(crate) struct LongBodies {
    places: Semaphore,
    max_wait: Duration,
}

impl LongBodies {
    pub(crate) const fn uploads() -> Self {
        Self::new(UPLOADS, MAX_WAIT)
    }

    pub(crate) const fn batches() -> Self {
        Self::new(BATCHES, MAX_WAIT)
    }

    const fn new(places: usize, max_wait: Duration) -> Self {
        Self { places: Semaphore::const_new(places), max_wait }
    }

    /// A place, which is given back when it is dropped: when the body was read or refused, or its client is gone.
    pub(crate) async fn place(&self) -> Result<SemaphorePermit<'_>, Problem> {
        let place = tokio::time::timeout(self.max_wait, self.places.acquire()).await;
        place.map_err(|_| Problem::from(Error::Busy))?.map_err(Problem::internal)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header;

    use super::*;

    #[tokio::test]
    async fn who_waits_too_long_is_told_when_to_come_back() {
        let bodies = LongBodies::new(1, Duration::ZERO);
        let place = bodies.place().await.unwrap();
        let refused = bodies.place().await.unwrap_err().begin().finish();
        assert_eq!(refused.status(), 503);
        assert!(refused.headers().contains_key(header::RETRY_AFTER));
        drop(place);
        assert!(bodies.place().await.is_ok());
    }

    #[test]
    fn sixteen_uploads_and_eight_batches_are_read_at_once_and_the_next_waits_for_five_seconds() {
        for (bodies, places) in [(LongBodies::uploads(), 16), (LongBodies::batches(), 8)] {
            assert_eq!((bodies.places.available_permits(), bodies.max_wait.as_secs()), (places, 5));
        }
    }
}
