//! What attempts count for.

use std::num::NonZeroU32;

use contacts_domain::{
    ports::MockRateLimiter,
    rate_limit::{RateKey, RateLimit},
};
use mockall::predicate::eq;

use super::*;
use crate::{
    limits::RateLimits,
    testing::{a_limit, limiter, refusing},
};

fn from_here() -> (RateKey, RateLimit) {
    (RateKey::LoginFrom { account: "ada@example.com".into(), address: a_caller().address }, a_limit())
}

fn by_strangers() -> (RateKey, RateLimit) {
    let four = NonZeroU32::new(4).unwrap();
    (RateKey::LoginByStrangers { account: "ada@example.com".into() }, a_limit().times(four))
}

fn limited(limiter: MockRateLimiter, dependencies: Dependencies) -> Dependencies {
    let rate_limits = RateLimits { login: Some(a_limit()), ..RateLimits::default() };
    Dependencies { rate_limiter: Arc::new(limiter), policy: Policy { rate_limits, ..policy() }, ..dependencies }
}

fn expect_give_back(limiter: &mut MockRateLimiter, (key, limit): (RateKey, RateLimit)) {
    limiter.expect_give_back().times(1).with(eq(key), eq(limit)).return_const(());
}

#[tokio::test]
async fn a_wrong_attempt_from_a_known_address_counts_there_alone() {
    let store = store([fails(Some(ada().id))]);
    let dependencies = dependencies_of(&store, wrong(), MockTokenCodec::new());
    let result = execute(limited(limiter([from_here()]), dependencies), adas()).await;
    assert!(matches!(result, Err(Error::InvalidCredentials)));
}

#[tokio::test]
async fn a_wrong_attempt_of_a_stranger_counts_for_all_strangers_too() {
    let store = store_with("ada@example.com", Some(credentials(false)), [fails(Some(ada().id))]);
    let dependencies = dependencies_of(&store, wrong(), MockTokenCodec::new());
    let result = execute(limited(limiter([from_here(), by_strangers()]), dependencies), adas()).await;
    assert!(matches!(result, Err(Error::InvalidCredentials)));
}

#[tokio::test]
async fn everybody_is_a_stranger_to_an_account_that_does_not_exist() {
    let store = store_with("ada@example.com", None, [fails(None)]);
    let dependencies = dependencies_of(&store, verifying(PASSWORD, None, Verification::Wrong), MockTokenCodec::new());
    let result = execute(limited(limiter([from_here(), by_strangers()]), dependencies), adas()).await;
    assert!(matches!(result, Err(Error::InvalidCredentials)));
}

#[tokio::test]
async fn a_right_attempt_gives_back_what_it_took() {
    for (knows_address, taken) in [(true, vec![from_here()]), (false, vec![from_here(), by_strangers()])] {
        let store = store_with("ada@example.com", Some(credentials(knows_address)), [begins("$hash")]);
        let mut limiter = limiter(taken.clone());
        for bucket in taken {
            expect_give_back(&mut limiter, bucket);
        }
        assert!(execute(limited(limiter, dependencies_of(&store, right(), codec())), adas()).await.is_ok());
    }
}

/// What a refused attempt is told; nothing is hashed for it.
async fn retry_after(store: Arc<FakeStore>, limiter: MockRateLimiter) -> u64 {
    let dependencies = dependencies_of(&store, MockPasswordHasher::new(), MockTokenCodec::new());
    match execute(limited(limiter, dependencies), adas()).await {
        Err(Error::RateLimited { retry_after }) => retry_after.as_secs(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nothing_is_looked_up_or_hashed_when_the_address_tried_too_often() {
    let mut limiter = MockRateLimiter::new();
    let (key, limit) = from_here();
    refusing(&mut limiter, key, limit);
    assert_eq!(retry_after(FakeStore::untouched(), limiter).await, 7);
}

#[tokio::test]
async fn nothing_is_hashed_when_strangers_tried_too_often() {
    let mut limiter = limiter([from_here()]);
    let (key, limit) = by_strangers();
    refusing(&mut limiter, key, limit);
    assert_eq!(retry_after(store_with("ada@example.com", Some(credentials(false)), []), limiter).await, 7);
}

#[tokio::test]
async fn nobody_is_refused_while_the_limiter_cannot_tell() {
    let mut limiter = MockRateLimiter::new();
    limiter.expect_take().times(1).return_const(None);
    expect_give_back(&mut limiter, from_here());
    let store = store([begins("$hash")]);
    assert!(execute(limited(limiter, dependencies_of(&store, right(), codec())), adas()).await.is_ok());
}
