//! What a rate limiter promises: it counts exactly, whoever asks, and says when to come again.
//!
//! The limits are so slow that the time that a case takes plays no part. That a bucket fills with time
//! is for each adapter to show.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use contacts_domain::{
    caller::ClientAddress,
    ids::{SessionId, UserId},
    ports::RateLimiter,
    rate_limit::{RateDecision, RateKey, RateLimit, Verdict},
};
use futures_util::future::join_all;

use crate::fixtures::unique_uuid;

/// Runs every case against a limiter that the argument makes: an async function without arguments that
/// returns `Subject<Arc<dyn RateLimiter>>`. The limiter must not give up where it is merely slow.
#[macro_export]
macro_rules! rate_limiter_suite {
    ($fresh:expr) => {
        $crate::__cases!(
            $fresh,
            rate_limiter,
            [
                a_burst_is_allowed_and_no_more,
                a_refusal_says_when_to_come_again,
                keys_do_not_share_buckets,
                an_account_may_be_any_text,
                what_is_given_back_can_be_taken_again,
                a_full_bucket_takes_nothing_back,
                it_counts_as_the_domain_does,
                of_64_taken_at_once_exactly_the_burst_is_allowed,
                of_many_given_back_at_once_none_is_lost,
            ]
        );
    };
}

const HOUR: Duration = Duration::from_secs(3600);

/// One an hour, and so many at once.
pub fn hourly(burst: u32) -> RateLimit {
    let burst = NonZeroU32::new(burst).expect("not zero");
    RateLimit::new(NonZeroU32::MIN, HOUR, burst).expect("a limit")
}

/// A key that nobody else counts under.
pub fn unique_key() -> RateKey {
    RateKey::Contacts(UserId::new(unique_uuid()))
}

pub async fn a_burst_is_allowed_and_no_more(limiter: Arc<dyn RateLimiter>) {
    let (key, limit) = (unique_key(), hourly(10));
    for left in (0..10).rev() {
        let decision = take(&limiter, &key, &limit).await;
        assert_eq!((decision.verdict, decision.remaining), (Verdict::Allowed, left));
        let taken = HOUR * (10 - left);
        assert!(decision.reset > taken - HOUR && decision.reset <= taken, "{decision:?}");
    }
    for _ in 0..3 {
        assert!(!is_allowed(take(&limiter, &key, &limit).await));
    }
}

pub async fn a_refusal_says_when_to_come_again(limiter: Arc<dyn RateLimiter>) {
    let (key, limit) = (unique_key(), hourly(3));
    for _ in 0..3 {
        take(&limiter, &key, &limit).await;
    }
    // Being refused again costs nothing.
    for _ in 0..3 {
        let refused = take(&limiter, &key, &limit).await;
        let Verdict::Refused { retry_after } = refused.verdict else { panic!("{refused:?}") };
        assert!(!retry_after.is_zero() && retry_after <= HOUR, "{refused:?}");
        assert_eq!(refused.remaining, 0);
        assert_eq!(refused.reset, retry_after + HOUR * 2);
    }
}

pub async fn keys_do_not_share_buckets(limiter: Arc<dyn RateLimiter>) {
    let account = unique_uuid().to_string();
    let address = |text| ClientAddress::parse(text).expect("an address");
    let keys = [
        RateKey::Contacts(UserId::new(unique_uuid())),
        RateKey::Refresh(SessionId::new(unique_uuid())),
        RateKey::LoginByStrangers { account: account.clone() },
        RateKey::LoginByStrangers { account: format!("192.0.2.1:{account}") },
        RateKey::LoginFrom { account: account.clone(), address: address("192.0.2.1") },
        RateKey::LoginFrom { account: account.clone(), address: address("2001:db8::/64") },
        RateKey::LoginFrom { account, address: address("192.0.2.2") },
    ];
    assert_apart(&limiter, &keys).await;
}

pub async fn an_account_may_be_any_text(limiter: Arc<dyn RateLimiter>) {
    let unique = unique_uuid().to_string();
    let long = "x".repeat(100_000);
    let texts = [
        unique.clone(),
        unique.to_uppercase(),
        format!("{unique} "),
        format!("{unique}\r\nFLUSHALL\r\n"),
        format!("{unique}\0"),
        format!("{{{unique}}}"),
        format!("żółw👩🏽‍🚀{unique}"),
        format!("{unique}{long}1"),
        format!("{unique}{long}2"),
    ];
    assert_apart(&limiter, &texts.map(|account| RateKey::LoginByStrangers { account })).await;
}

/// Each key has one to take, and one only.
async fn assert_apart(limiter: &Arc<dyn RateLimiter>, keys: &[RateKey]) {
    for expected in [true, false] {
        for (number, key) in keys.iter().enumerate() {
            assert_eq!(is_allowed(take(limiter, key, &hourly(1)).await), expected, "key {number}");
        }
    }
}

pub async fn what_is_given_back_can_be_taken_again(limiter: Arc<dyn RateLimiter>) {
    let (key, limit) = (unique_key(), hourly(2));
    for _ in 0..2 {
        take(&limiter, &key, &limit).await;
    }
    for _ in 0..3 {
        assert!(!is_allowed(take(&limiter, &key, &limit).await));
        limiter.give_back(&key, &limit).await;
        let decision = take(&limiter, &key, &limit).await;
        assert_eq!((decision.verdict, decision.remaining), (Verdict::Allowed, 0));
    }
}

pub async fn a_full_bucket_takes_nothing_back(limiter: Arc<dyn RateLimiter>) {
    let (key, limit) = (unique_key(), hourly(2));
    for _ in 0..3 {
        limiter.give_back(&key, &limit).await;
    }
    for left in [1, 0] {
        assert_eq!(take(&limiter, &key, &limit).await.remaining, left);
    }
    assert!(!is_allowed(take(&limiter, &key, &limit).await));
}

pub async fn it_counts_as_the_domain_does(limiter: Arc<dyn RateLimiter>) {
    // An interval of no whole microsecond, and one of no whole millisecond.
    for (amount, period, burst) in
        [(7, HOUR * 100, 5), (1, HOUR + Duration::from_micros(1), 9), (1, HOUR * 24 * 366, 3)]
    {
        let number = |n| NonZeroU32::new(n).expect("not zero");
        let limit = RateLimit::new(number(amount), period, number(burst)).expect("a limit");
        let key = unique_key();
        let (now, mut full_at) = (HOUR, Duration::ZERO);
        // More is taken than given back, in no order.
        for step in 0..60 {
            if step * 7 % 10 < 3 {
                limiter.give_back(&key, &limit).await;
                full_at = limit.give_back(full_at, now);
            } else {
                let decision = take(&limiter, &key, &limit).await;
                let (next, expected) = limit.take(full_at, now);
                full_at = next;
                assert_eq!(
                    (is_allowed(decision), decision.remaining),
                    (is_allowed(expected), expected.remaining),
                    "{step}"
                );
            }
        }
    }
}

pub async fn of_64_taken_at_once_exactly_the_burst_is_allowed(limiter: Arc<dyn RateLimiter>) {
    for _ in 0..5 {
        let (key, limit) = (unique_key(), hourly(10));
        let takes = (0..64).map(|_| {
            let (limiter, key) = (limiter.clone(), key.clone());
            tokio::spawn(async move { take(&limiter, &key, &limit).await })
        });
        let decisions = join_all(takes.collect::<Vec<_>>()).await;
        let mut left: Vec<u32> = decisions
            .into_iter()
            .map(|decision| decision.expect("taking does not panic"))
            .filter(|decision| is_allowed(*decision))
            .map(|decision| decision.remaining)
            .collect();
        left.sort_unstable();
        assert_eq!(left, Vec::from_iter(0..10));
    }
}

pub async fn of_many_given_back_at_once_none_is_lost(limiter: Arc<dyn RateLimiter>) {
    let (key, limit) = (unique_key(), hourly(32));
    for _ in 0..32 {
        assert!(is_allowed(take(&limiter, &key, &limit).await));
    }
    let given = (0..20).map(|_| {
        let (limiter, key) = (limiter.clone(), key.clone());
        tokio::spawn(async move { limiter.give_back(&key, &limit).await })
    });
    for result in join_all(given.collect::<Vec<_>>()).await {
        result.expect("giving back does not panic");
    }
    assert_eq!(take(&limiter, &key, &limit).await.remaining, 19);
}

async fn take(limiter: &Arc<dyn RateLimiter>, key: &RateKey, limit: &RateLimit) -> RateDecision {
    limiter.take(key, limit).await.expect("a limiter that works can tell")
}

fn is_allowed(decision: RateDecision) -> bool {
    decision.verdict == Verdict::Allowed
}
