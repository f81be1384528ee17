//! Redis is down, silent, restarted: never an error, never a wait without end.

use std::{error::Error as _, net::SocketAddr, time::Duration};

use contacts_contract::{
    fixtures::user,
    rate_limiter::{hourly, unique_key},
    user_cache::cached,
};
use contacts_domain::{
    ports::{RateLimiter, UserCache},
    session::CachedUser,
};
use tokio::{io::AsyncReadExt as _, net::TcpListener};

use super::{
    ANY_PORT, find, in_time,
    messages::{Ears, Event},
    patient_cache, patient_limiter,
    proxy::Proxy,
    redis_url,
};
use crate::{RedisInvalidations, RedisRateLimiter, RedisUserCache, client::Timing};

/// Asks until the cache knows the entry. Every miss is followed by a put, as in the application.
async fn until_known(cache: &RedisUserCache, entry: &CachedUser) {
    in_time(async {
        while find(cache, entry).await.as_ref() != Some(entry) {
            cache.put(entry).await;
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// An address where nobody listens.
async fn closed_address() -> SocketAddr {
    TcpListener::bind(ANY_PORT).await.unwrap().local_addr().unwrap()
}

/// Two thousand deadlines would be minutes: all but the first calls leave Redis alone.
async fn assert_nothing_is_known_and_nothing_fails(url: &str) {
    let (cache, limiter) = (RedisUserCache::open(url).unwrap(), RedisRateLimiter::open(url).unwrap());
    let (entry, key) = (cached(user()), unique_key());
    in_time(async {
        for _ in 0..1_000 {
            cache.put(&entry).await;
            assert_eq!(find(&cache, &entry).await, None);
            cache.invalidate(entry.current.user.id, 2).await;
            assert_eq!(limiter.take(&key, &hourly(1)).await, None);
            limiter.give_back(&key, &hourly(1)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn without_redis_nothing_is_known_and_nothing_fails() {
    assert_nothing_is_known_and_nothing_fails(&format!("redis://{}", closed_address().await)).await;
}

#[tokio::test]
async fn a_redis_that_does_not_answer_is_not_waited_for() {
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    // The operating system accepts the connection; nobody ever reads from it.
    assert_nothing_is_known_and_nothing_fails(&format!("redis://{}", listener.local_addr().unwrap())).await;
    drop(listener);
}

#[tokio::test]
async fn a_limiter_cannot_tell_while_it_is_cut_off_and_has_forgotten_nothing_afterwards() {
    let url = redis_url();
    let proxy = Proxy::start(&url, ANY_PORT.parse().unwrap()).await;
    let timing = Timing { deadline: Duration::from_secs(1), rest: Duration::ZERO };
    let limiter = RedisRateLimiter::open_with(&proxy.url(&url), timing).unwrap();
    let key = unique_key();
    let remaining = async || in_time(limiter.take(&key, &hourly(50))).await.map(|decision| decision.remaining);
    // What is counted may be counted although its answer is late: only whoever asks directly knows.
    while remaining().await.is_none() {}
    proxy.freeze();
    assert_eq!(remaining().await, None);
    proxy.thaw();
    let before = patient_limiter(&url).take(&key, &hourly(50)).await.unwrap().remaining;
    let after = in_time(async {
        loop {
            if let Some(after) = remaining().await {
                break after;
            }
        }
    });
    assert!(before < 49 && after.await < before);
}

#[tokio::test]
async fn connections_that_broke_are_replaced() {
    let url = redis_url();
    let proxy = Proxy::start(&url, ANY_PORT.parse().unwrap()).await;
    let cache = patient_cache(&proxy.url(&url));
    let entry = cached(user());
    until_known(&cache, &entry).await;
    // A restart: every connection is dead, and Redis is there again.
    let address = proxy.stop().await;
    let proxy = Proxy::start(&url, address).await;
    until_known(&cache, &entry).await;
    proxy.stop().await;
}

#[tokio::test]
async fn a_redis_that_comes_up_later_is_used() {
    let url = redis_url();
    let address = closed_address().await;
    let placeholder = Proxy::start(&url, address).await;
    let cache_url = placeholder.url(&url);
    placeholder.stop().await;
    let timing = Timing { deadline: Duration::from_millis(100), rest: Duration::ZERO };
    let cache = RedisUserCache::open_with(&cache_url, timing).unwrap();
    let entry = cached(user());
    assert_eq!(in_time(find(&cache, &entry)).await, None);
    let proxy = Proxy::start(&url, address).await;
    until_known(&cache, &entry).await;
    proxy.stop().await;
}

#[tokio::test]
async fn an_encrypted_connection_is_begun_where_the_url_asks_for_it() {
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let url = format!("rediss://{}", listener.local_addr().unwrap());
    let cache = patient_cache(&url);
    let hello = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap()
    };
    let entry = cached(user());
    let first_byte = in_time(async {
        tokio::select! {
            first_byte = hello => first_byte,
            _ = find(&cache, &entry) => panic!("there was no answer to get"),
        }
    });
    // The content type of a TLS handshake (RFC 8446 section 5.1).
    assert_eq!(first_byte.await, 22);
}

#[tokio::test]
async fn only_a_malformed_url_is_refused_and_not_repeated() {
    for url in ["", "redis", "http://:hunter2@127.0.0.1", "redis://:hunter2@127.0.0.1:port", "redis://:hunter2@"] {
        let errors = [
            RedisUserCache::open(url).unwrap_err(),
            RedisRateLimiter::open(url).unwrap_err(),
            RedisInvalidations::open(url).unwrap_err(),
        ];
        for error in errors {
            let shown = format!("{error} {:?} {:?}", error, error.source().map(ToString::to_string));
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}

#[tokio::test]
async fn an_invalidation_that_came_to_nothing_is_told_as_soon_as_redis_is_there_again() {
    let url = redis_url();
    let ears = Ears::open(&url, None);
    ears.hear(Event::Connected).await;
    let proxy = Proxy::start(&url, ANY_PORT.parse().unwrap()).await;
    // After a failure Redis is left alone for longer than this test may take.
    let timing = Timing { deadline: Duration::from_millis(500), rest: Duration::from_secs(3_600) };
    let cache = RedisUserCache::open_with(&proxy.url(&url), timing).unwrap();
    let user = user().id;
    proxy.freeze();
    cache.invalidate(user, 7).await;
    cache.invalidate(user, 5).await;
    proxy.thaw();
    ears.hear(Event::Invalidated(user, 7)).await;
}
