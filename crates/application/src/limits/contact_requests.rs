//! Counting the requests of a user to their contacts.

use std::sync::Arc;

use contacts_domain::{
    ids::UserId,
    ports::RateLimiter,
    rate_limit::{RateDecision, RateKey, RateLimit},
};

/// Counts a request, and says what is left.
pub struct CountContactRequest {
    pub(super) limiter: Arc<dyn RateLimiter>,
    pub(super) limit: Option<RateLimit>,
}

/// What a counted request is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The one that was applied, so that an answer can tell it.
    pub limit: RateLimit,
    /// Whether this request may go on, and what is left.
    pub decision: RateDecision,
}

impl CountContactRequest {
    /// `None` where there is no limit, or nobody can tell.
    pub async fn execute(&self, user: UserId) -> Option<Counted> {
        let limit = self.limit?;
        let decision = self.limiter.take(&RateKey::Contacts(user), &limit).await?;
        Some(Counted { limit, decision })
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{ports::MockRateLimiter, rate_limit::Verdict};

    use super::*;
    use crate::testing::{a_limit, ada, limiter, refusing};

    async fn count(limiter: MockRateLimiter, limit: Option<RateLimit>) -> Option<Counted> {
        CountContactRequest { limiter: Arc::new(limiter), limit }.execute(ada().id).await
    }

    #[tokio::test]
    async fn a_request_is_counted_for_its_user_and_told_what_is_left() {
        let counted = count(limiter([(RateKey::Contacts(ada().id), a_limit())]), Some(a_limit())).await.unwrap();
        assert_eq!((counted.limit, counted.decision.verdict), (a_limit(), Verdict::Allowed));
        assert_eq!(counted.decision.remaining, 4);
    }

    #[tokio::test]
    async fn a_refusal_says_when_to_come_back() {
        let mut limiter = MockRateLimiter::new();
        refusing(&mut limiter, RateKey::Contacts(ada().id), a_limit());
        let counted = count(limiter, Some(a_limit())).await.unwrap();
        let Verdict::Refused { retry_after } = counted.decision.verdict else { panic!("{counted:?}") };
        assert_eq!(retry_after.as_secs(), 7);
    }

    #[tokio::test]
    async fn nothing_is_counted_without_a_limit() {
        assert_eq!(count(MockRateLimiter::new(), None).await, None);
    }

    #[tokio::test]
    async fn nothing_is_told_where_the_limiter_cannot_tell() {
        let mut limiter = MockRateLimiter::new();
        limiter.expect_take().times(1).return_const(None);
        assert_eq!(count(limiter, Some(a_limit())).await, None);
    }
}
