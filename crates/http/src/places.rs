//! How much of what takes memory is done at once: in all, and for one user.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use contacts_application::Error;
use contacts_domain::ids::UserId;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use crate::problem::Problem;

/// Pictures: each may take 5 MiB of memory, for as long as its client takes to send it; those that were read wait where
/// pictures are made, which has a bound of its own.
const UPLOADS: Limits = Limits { of_all: 16, of_one: 2, max_wait: Duration::from_secs(5) };
/// Batches beyond what other bodies may be: each may take 32 MiB, and some more while it is understood and carried out.
const BATCHES: Limits = Limits { of_all: 8, of_one: 2, max_wait: Duration::from_secs(5) };
/// Exports: each holds one piece of an address book for as long as its client takes to read it.
const EXPORTS: Limits = Limits { of_all: 8, of_one: 2, max_wait: Duration::ZERO };

/// How many there are at once, and how long the next one waits for its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limits {
    of_all: usize,
    /// Fewer, so that nobody can deny them to all others.
    of_one: usize,
    max_wait: Duration,
}

/// The places for work of one kind.
pub(crate) struct Places {
    limits: Limits,
    all: Arc<Semaphore>,
    /// Those of each user who has one, or waits for one.
    of_users: Mutex<BTreeMap<UserId, Arc<Semaphore>>>,
}

/// Where work may be done. It is given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_one: OwnedSemaphorePermit,
}

impl Places {
    pub(crate) fn uploads() -> Self {
        Self::new(UPLOADS)
    }

    pub(crate) fn batches() -> Self {
        Self::new(BATCHES)
    }

    pub(crate) fn exports() -> Self {
        Self::new(EXPORTS)
    }

    fn new(limits: Limits) -> Self {
        Self { limits, all: Arc::new(Semaphore::new(limits.of_all)), of_users: Mutex::default() }
    }

    /// A place for this user. Where there is none in time, the user is told to come back.
    pub(crate) async fn place(&self, user: UserId) -> Result<Place, Problem> {
        let place = tokio::time::timeout(self.limits.max_wait, self.take(user)).await;
        place.map_err(|_| Problem::from(Error::Busy))?.map_err(Problem::internal)
    }

    /// The user's own comes first: who waits for it is in nobody's way.
    async fn take(&self, user: UserId) -> Result<Place, AcquireError> {
        let of_one = self.of(user).acquire_owned().await?;
        Ok(Place { _of_all: self.all.clone().acquire_owned().await?, _of_one: of_one })
    }

    fn of(&self, user: UserId) -> Arc<Semaphore> {
        let mut users = self.of_users.lock().unwrap_or_else(PoisonError::into_inner);
        // A place, and whoever waits for one, holds what it comes from.
        users.retain(|_, places| Arc::strong_count(places) > 1);
        users.entry(user).or_insert_with(|| Arc::new(Semaphore::new(self.limits.of_one))).clone()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header;
    use futures_util::FutureExt as _;
    use uuid::Uuid;

    use super::*;

    fn user(number: u128) -> UserId {
        UserId::new(Uuid::from_u128(number))
    }

    fn two_of_three(max_wait: Duration) -> Places {
        Places::new(Limits { of_all: 3, of_one: 2, max_wait })
    }

    #[tokio::test]
    async fn nobody_has_all_places_and_all_together_have_no_more_than_there_are() {
        let places = two_of_three(Duration::ZERO);
        let one = places.place(user(1)).await.unwrap();
        let _other = places.place(user(1)).await.unwrap();
        assert!(places.place(user(1)).await.is_err(), "one user has two");
        let _last = places.place(user(2)).await.unwrap();
        assert!(places.place(user(3)).await.is_err(), "three are all");
        drop(one);
        assert!(places.place(user(3)).await.is_ok());
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_when_to_come_back() {
        let places = Places::new(Limits { of_all: 1, of_one: 1, max_wait: Duration::ZERO });
        let _place = places.place(user(1)).await.unwrap();
        for late in [user(1), user(2)] {
            let refused = places.place(late).await.unwrap_err().begin().finish();
            assert_eq!(refused.status(), 503);
            assert!(refused.headers().contains_key(header::RETRY_AFTER));
        }
    }

    #[tokio::test]
    async fn who_waits_for_a_place_of_their_own_takes_none_from_others() {
        let places = two_of_three(Duration::MAX);
        let own = [places.place(user(1)).await.unwrap(), places.place(user(1)).await.unwrap()];
        let mut waiting = Box::pin(places.place(user(1)));
        assert!((&mut waiting).now_or_never().is_none());
        assert!(places.place(user(2)).now_or_never().is_some());
        drop(own);
        assert!(waiting.await.is_ok());
    }

    #[tokio::test]
    async fn who_has_no_place_any_more_is_forgotten() {
        let places = two_of_three(Duration::ZERO);
        for number in 0..100 {
            drop(places.place(user(number)).await.unwrap());
        }
        let _place = places.place(user(100)).await.unwrap();
        assert_eq!(places.of_users.lock().unwrap().len(), 1);
    }

    #[test]
    fn one_user_has_two_places_of_16_for_uploads_of_eight_for_batches_and_of_eight_for_exports() {
        for (limits, of_all, seconds) in [(UPLOADS, 16, 5), (BATCHES, 8, 5), (EXPORTS, 8, 0)] {
            assert_eq!(limits, Limits { of_all, of_one: 2, max_wait: Duration::from_secs(seconds) });
        }
    }
}
