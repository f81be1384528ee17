//! Ports of which only what a test expects may be asked.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use contacts_domain::{
    creation_quota::CreationQuota,
    password::PasswordHash,
    ports::{
        MockAvatarPipeline, MockAvatarStore, MockLinkTokens, MockMailer, MockPasswordHasher, MockRateLimiter,
        MockTokenCodec, MockUserCache, Verification,
    },
    rate_limit::{RateDecision, RateKey, RateLimit, Verdict},
    required_fields::RequiredFields,
};
use mockall::predicate::eq;

use super::{Ended, FakeStore, ada, clock, ids, lifetimes};
use crate::{Dependencies, Policy, contacts::Attempts, limits::RateLimits};

/// Everything that use cases are built from. Of these ports nothing is asked: a test puts its own in place
/// of those that it needs.
pub(crate) fn dependencies(store: &Arc<FakeStore>) -> Dependencies {
    Dependencies {
        store: store.clone(),
        password_hasher: Arc::new(MockPasswordHasher::new()),
        tokens: Arc::new(MockTokenCodec::new()),
        link_tokens: Arc::new(MockLinkTokens::new()),
        user_cache: Arc::new(MockUserCache::new()),
        rate_limiter: Arc::new(MockRateLimiter::new()),
        mailer: Arc::new(MockMailer::new()),
        avatar_pipeline: Arc::new(MockAvatarPipeline::new()),
        avatar_store: Arc::new(MockAvatarStore::new()),
        media: None,
        clock: clock(),
        ids: ids(),
        policy: policy(),
    }
}

/// Attempts of requests at this store.
pub(crate) fn attempts(store: &Arc<FakeStore>) -> Attempts {
    Attempts { store: store.clone(), clock: clock(), ids: ids() }
}

/// Without limits, and with nothing that must be verified.
pub(crate) fn policy() -> Policy {
    Policy {
        public_url: "https://contacts.example".into(),
        session_lifetimes: lifetimes(),
        require_verified_email: false,
        rate_limits: RateLimits::default(),
        creation_quota: CreationQuota::new(1000, Duration::from_hours(1)),
        required_fields: RequiredFields::default(),
    }
}

/// Five in a minute.
pub(crate) fn a_limit() -> RateLimit {
    let five = NonZeroU32::new(5).unwrap();
    RateLimit::new(five, Duration::from_mins(1), five).unwrap()
}

/// Takes one from each of these buckets, once, in this order, and allows it.
pub(crate) fn limiter(taken: impl IntoIterator<Item = (RateKey, RateLimit)>) -> MockRateLimiter {
    let (mut limiter, mut order) = (MockRateLimiter::new(), mockall::Sequence::new());
    for (key, limit) in taken {
        let decision = RateDecision { verdict: Verdict::Allowed, remaining: 4, reset: Duration::from_secs(12) };
        let take = limiter.expect_take().times(1).in_sequence(&mut order).with(eq(key), eq(limit));
        take.return_const(decision);
    }
    limiter
}

/// Refuses what is taken from this bucket, for seven seconds.
pub(crate) fn refusing(limiter: &mut MockRateLimiter, key: RateKey, limit: RateLimit) {
    let verdict = Verdict::Refused { retry_after: Duration::from_secs(7) };
    let decision = RateDecision { verdict, remaining: 0, reset: Duration::from_secs(60) };
    limiter.expect_take().times(1).with(eq(key), eq(limit)).return_const(decision);
}

/// Makes this hash of this password, once.
pub(crate) fn hashing(password: &'static str, hash: &'static str) -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    let expected = hasher.expect_hash().times(1).withf(move |hashed| hashed.expose() == password);
    expected.returning(move |_| Ok(PasswordHash::new(hash.into())));
    hasher
}

/// Compares this password with this hash, once.
pub(crate) fn verifying(
    password: &'static str,
    hash: Option<&'static str>,
    verification: Verification,
) -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    let expected = hasher
        .expect_verify()
        .times(1)
        .withf(move |tried, known| tried.expose() == password && known.map(PasswordHash::expose) == hash);
    expected.returning(move |_, _| Ok(verification));
    hasher
}

/// Hears once that Ada's versions below this one are not to be believed, when the transactions of the store
/// have ended like this.
pub(crate) fn invalidating<const N: usize>(store: &FakeStore, minimum: i64, endings: [Ended; N]) -> Arc<MockUserCache> {
    let (mut cache, seen) = (MockUserCache::new(), store.watch());
    let invalidate = cache.expect_invalidate().times(1).with(eq(ada().id), eq(minimum));
    invalidate.returning(move |_, _| assert_eq!(seen(), endings));
    Arc::new(cache)
}
