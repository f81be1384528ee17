use async_trait::async_trait;

use super::RepositoryResult;
use crate::{
    Timestamp,
    idempotency::{KeptAnswer, Reservation, Reserved},
};

/// Requests that happen once, within a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait IdempotencyRepository: Send {
    /// Takes the right to carry out a request, where nobody has it and it was not answered. Another attempt whose
    /// lease is over at `reserved_at` is replaced. Of attempts at once one MUST succeed, and the others see it once
    /// it is committed. An answer older than [`KEEP_ANSWER`](crate::idempotency::KEEP_ANSWER) does not count any
    /// more. `None` where there is no such user.
    async fn reserve(&mut self, reservation: &Reservation) -> RepositoryResult<Option<Reserved>>;

    /// Keeps the answer, and forgets the oldest [long](crate::idempotency::LONG_ANSWER) ones of its user where they take
    /// more than [`KEEP_LONG_ANSWERS`](crate::idempotency::KEEP_LONG_ANSWERS). `false` where the lease is not the reservation's any more: then nothing was done.
    async fn keep(&mut self, reservation: &Reservation, answer: &KeptAnswer) -> RepositoryResult<bool>;

    /// Gives the right back, where the lease is still the reservation's and nothing was answered.
    async fn release(&mut self, reservation: &Reservation) -> RepositoryResult<()>;

    /// Deletes what was reserved before this time; how many there were.
    async fn purge(&mut self, before: Timestamp) -> RepositoryResult<u64>;
}
