//! Carrying out a request once, however often it is sent.

use std::{sync::Arc, time::Duration};

use contacts_domain::{
    idempotency::{IdempotentRequest, KeptAnswer, LEASE, Reservation, Reserved},
    ids::LeaseId,
    ports::{Clock, IdGenerator, UnitOfWork, UnitOfWorkFactory},
};

use crate::{
    Error, Result,
    transaction::{Outcome, Work, in_transaction},
};

/// The least that a client waits for another attempt.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);

/// How a request with an `Idempotency-Key` is carried out once.
pub struct Once<T> {
    /// Whose request it is, under which key.
    pub request: IdempotentRequest,
    /// Writes the answer that is given to every further attempt.
    pub render: Box<dyn Fn(&T) -> KeptAnswer + Send + Sync>,
}

/// What became of a request that may have been carried out before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done<T> {
    /// It was carried out now.
    Now(T),
    /// It was carried out before, and answered so.
    Before(KeptAnswer),
}

/// Carries out requests, those with a key once.
#[derive(Clone)]
pub(crate) struct Attempts {
    pub(crate) store: Arc<dyn UnitOfWorkFactory>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdGenerator>,
}

impl Attempts {
    /// Does the work in a transaction. With a key, it is reserved first, in a transaction of its own, so that other
    /// attempts see it; the answer is kept in the transaction of the work, so that there is never one without the
    /// other. What fails may be tried again under its key.
    ///
    /// A request that is wrong in itself does not come here: see [`refuse`](Self::refuse).
    pub(super) async fn carry_out<'a, T, F>(&self, once: Option<Once<T>>, work: F) -> Result<Done<T>>
    where
        T: Send + 'a,
        F: for<'w> FnOnce(&'w mut (dyn UnitOfWork + 'a)) -> Work<'w, T> + Send + 'a,
    {
        let Some(Once { request, render }) = once else {
            return in_transaction(&*self.store, work).await.map(Done::Now);
        };
        let reservation = self.reservation(request);
        match self.reserve(&reservation).await? {
            Reserved::Ours => {}
            Reserved::Answered(answer) => return Ok(Done::Before(answer)),
            Reserved::InFlight { until } => {
                let left = (until - reservation.reserved_at).to_std().unwrap_or_default();
                return Err(Error::InFlight { retry_after: left.max(SHORTEST_WAIT) });
            }
            Reserved::Reused => return Err(Error::IdempotencyKeyReused),
        }
        let ours = reservation.clone();
        let result = in_transaction(&*self.store, |unit| {
            Box::pin(async move {
                // Where nothing was to be written, the answer still is.
                let (Outcome::Commit(value) | Outcome::Rollback(value)) = work(&mut *unit).await?;
                let answer = render(&value);
                if !unit.idempotency().keep(&ours, &answer).await? {
                    // The lease was over, and another attempt took this one's place.
                    return Err(Error::InFlight { retry_after: SHORTEST_WAIT });
                }
                Ok(Outcome::Commit(value))
            })
        })
        .await;
        if result.is_err() {
            self.release(&reservation).await;
        }
        result.map(Done::Now)
    }

    /// What is answered to a request that is wrong in itself: where it was right when it was carried out, as by the
    /// date of another time zone, it is answered as it was then.
    pub(super) async fn refuse<T>(&self, once: Option<Once<T>>, error: Error) -> Result<Done<T>> {
        let Some(Once { request, .. }) = once else { return Err(error) };
        let reservation = self.reservation(request);
        let known = in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Rollback(work.idempotency().reserve(&reservation).await?)) })
        });
        match known.await? {
            Some(Reserved::Answered(answer)) => Ok(Done::Before(answer)),
            Some(Reserved::Ours | Reserved::InFlight { .. } | Reserved::Reused) | None => Err(error),
        }
    }

    fn reservation(&self, request: IdempotentRequest) -> Reservation {
        let (lease, now) = (LeaseId::new(self.ids.next()), self.clock.now());
        Reservation { request, lease, reserved_at: now, leased_until: now + LEASE }
    }

    async fn reserve(&self, reservation: &Reservation) -> Result<Reserved> {
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let reserved = work.idempotency().reserve(reservation).await?.ok_or(Error::InvalidToken)?;
                Ok(match reserved {
                    Reserved::Ours => Outcome::Commit(reserved),
                    Reserved::Answered(_) | Reserved::InFlight { .. } | Reserved::Reused => Outcome::Rollback(reserved),
                })
            })
        })
        .await
    }

    /// Gives the right back, so that the next attempt need not wait for the end of the lease. Where the commit
    /// succeeded and only its answer was lost, the kept answer stays.
    async fn release(&self, reservation: &Reservation) {
        let released = in_transaction(&*self.store, |work| {
            Box::pin(async move { Ok(Outcome::Commit(work.idempotency().release(reservation).await?)) })
        });
        if let Err(error) = released.await {
            let error: &(dyn std::error::Error + 'static) = &error;
            tracing::warn!(error, "the reservation of a request that failed could not be released");
        }
    }
}

#[cfg(test)]
mod tests;
