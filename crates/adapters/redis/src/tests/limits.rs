//! What is in Redis of limits: for how long, for whom, and what is not believed.

use std::{num::NonZeroU32, time::Duration};

use contacts_contract::rate_limiter::{hourly, unique_key};
use contacts_domain::{
    ports::RateLimiter,
    rate_limit::{RateKey, RateLimit, Verdict},
};
use redis::AsyncCommands as _;

use super::{patient_limiter, redis, redis_url};
use crate::{RedisRateLimiter, keys::bucket};

const HOUR_MS: i64 = 3_600_000;

async fn is_allowed(limiter: &RedisRateLimiter, key: &RateKey, limit: &RateLimit) -> Option<bool> {
    limiter.take(key, limit).await.map(|decision| decision.verdict == Verdict::Allowed)
}

#[tokio::test]
async fn replicas_count_together() {
    let (one, other) = (patient_limiter(&redis_url()), patient_limiter(&redis_url()));
    let (key, limit) = (unique_key(), hourly(2));
    assert_eq!(is_allowed(&one, &key, &limit).await, Some(true));
    assert_eq!(is_allowed(&other, &key, &limit).await, Some(true));
    assert_eq!(is_allowed(&one, &key, &limit).await, Some(false));
    other.give_back(&key, &limit).await;
    assert_eq!(is_allowed(&one, &key, &limit).await, Some(true));
    assert_eq!(is_allowed(&other, &key, &limit).await, Some(false));
}

#[tokio::test]
async fn a_bucket_is_forgotten_when_it_is_full() {
    let limiter = patient_limiter(&redis_url());
    let (key, limit) = (unique_key(), hourly(3));
    for taken in 1..=3 {
        limiter.take(&key, &limit).await;
        let remaining: i64 = redis().await.pttl(bucket(&key)).await.unwrap();
        assert!((HOUR_MS * (taken - 1) + 1..=HOUR_MS * taken).contains(&remaining), "{remaining}");
    }
    // A refusal does not prolong it, and what is given back shortens it.
    limiter.take(&key, &limit).await;
    limiter.give_back(&key, &limit).await;
    let remaining: i64 = redis().await.pttl(bucket(&key)).await.unwrap();
    assert!(remaining <= HOUR_MS * 2, "{remaining}");
    for _ in 0..2 {
        limiter.give_back(&key, &limit).await;
    }
    assert!(!redis().await.exists::<_, bool>(bucket(&key)).await.unwrap());
}

#[tokio::test]
async fn a_bucket_fills_with_time() {
    let limiter = patient_limiter(&redis_url());
    let (key, limit) = (unique_key(), hourly(1));
    assert_eq!(is_allowed(&limiter, &key, &limit).await, Some(true));
    assert_eq!(is_allowed(&limiter, &key, &limit).await, Some(false));
    // The hour passes in an instant.
    let full_at: i64 = redis().await.get(bucket(&key)).await.unwrap();
    let () = redis().await.set(bucket(&key), full_at - HOUR_MS * 1_000).await.unwrap();
    assert_eq!(is_allowed(&limiter, &key, &limit).await, Some(true));
    assert_eq!(is_allowed(&limiter, &key, &limit).await, Some(false));
}

#[tokio::test]
async fn a_poisoned_bucket_counts_as_a_full_one() {
    let limiter = patient_limiter(&redis_url());
    let key = unique_key();
    for poison in ["", "poison", "-1", "1e300", "nan", "0x10"] {
        let () = redis().await.set(bucket(&key), poison).await.unwrap();
        assert_eq!(limiter.take(&key, &hourly(3)).await.unwrap().remaining, 2, "{poison}");
    }
    let () = redis().await.del(bucket(&key)).await.unwrap();
    let () = redis().await.lpush(bucket(&key), "a list").await.unwrap();
    assert_eq!(limiter.take(&key, &hourly(3)).await.unwrap().remaining, 2);
}

#[tokio::test]
async fn a_clock_that_was_set_back_refuses_for_no_longer_than_an_empty_bucket() {
    let limiter = patient_limiter(&redis_url());
    let key = unique_key();
    for far in ["9007199254740991", "99999999999999999999999999"] {
        let () = redis().await.set(bucket(&key), far).await.unwrap();
        let decision = limiter.take(&key, &hourly(3)).await.unwrap();
        assert_eq!(decision.verdict, Verdict::Refused { retry_after: Duration::from_secs(3_600) });
    }
}

#[tokio::test]
async fn limits_of_any_size_are_counted() {
    let limiter = patient_limiter(&redis_url());
    for (period, burst) in [(Duration::MAX, 1), (Duration::MAX, u32::MAX), (Duration::from_micros(1), u32::MAX)] {
        let limit = RateLimit::new(NonZeroU32::MIN, period, NonZeroU32::new(burst).unwrap()).unwrap();
        let key = unique_key();
        let decision = limiter.take(&key, &limit).await.unwrap();
        assert_eq!((decision.verdict, decision.remaining), (Verdict::Allowed, burst - 1));
        limiter.give_back(&key, &limit).await;
    }
}
