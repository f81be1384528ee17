//! A breaker: what has just failed is left alone for a while.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

pub(crate) struct Breaker {
    rest: Duration,
    /// Where it is open: when to try again.
    open_until: Mutex<Option<Instant>>,
}

impl Breaker {
    pub(crate) const fn new(rest: Duration) -> Self {
        Self { rest, open_until: Mutex::new(None) }
    }

    /// Whether to try. When the rest is over one caller may, and the others only if it succeeds.
    pub(crate) fn allows(&self) -> bool {
        let mut open_until = self.lock();
        let Some(until) = *open_until else {
            return true;
        };
        let now = Instant::now();
        if now < until {
            return false;
        }
        *open_until = Some(now + self.rest);
        true
    }

    pub(crate) fn succeeded(&self) {
        *self.lock() = None;
    }

    /// Opens the breaker. `true` where it was closed: the trouble is new.
    pub(crate) fn failed(&self) -> bool {
        self.lock().replace(Instant::now() + self.rest).is_none()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        // A panic cannot leave one instant half-written.
        self.open_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const REST: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn after_a_failure_nobody_tries_until_the_rest_is_over() {
        let breaker = Breaker::new(REST);
        assert!(breaker.allows() && breaker.allows());
        assert!(breaker.failed());
        assert!(!breaker.allows());
        advance(REST - Duration::from_millis(1)).await;
        assert!(!breaker.allows());
        advance(Duration::from_millis(1)).await;
        assert!(breaker.allows());
    }

    #[tokio::test(start_paused = true)]
    async fn one_tries_for_all() {
        let breaker = Breaker::new(REST);
        breaker.failed();
        advance(REST).await;
        assert!(breaker.allows());
        assert!(!breaker.allows());
        breaker.succeeded();
        assert!(breaker.allows() && breaker.allows());
    }

    #[tokio::test(start_paused = true)]
    async fn who_tried_in_vain_or_never_came_back_is_followed_by_another() {
        let breaker = Breaker::new(REST);
        breaker.failed();
        for _ in 0..3 {
            advance(REST).await;
            assert!(breaker.allows());
            assert!(!breaker.allows());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_first_failure_is_news() {
        let breaker = Breaker::new(REST);
        assert!(breaker.failed());
        assert!(!breaker.failed());
        breaker.succeeded();
        assert!(breaker.failed());
    }
}
