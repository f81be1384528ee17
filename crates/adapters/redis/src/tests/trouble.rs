//! Redis is down, silent, restarted: never an error, never a wait without end.

use std::{error::Error as _, net::SocketAddr, time::Duration};

use contacts_contract::fixtures::user;
use contacts_domain::{ports::UserCache, user::User};
use tokio::{io::AsyncReadExt as _, net::TcpListener, time::timeout};

use super::{PATIENCE, patient, proxy::Proxy, redis_url};
use crate::RedisUserCache;

const ANY_PORT: &str = "127.0.0.1:0";

/// Fails a test that would hang.
async fn in_time<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.expect("this takes too long")
}

/// Asks until the cache knows the user. Every miss is followed by a put, as in the application.
async fn until_known(cache: &RedisUserCache, user: &User) {
    in_time(async {
        while cache.get(user.id).await.as_ref() != Some(user) {
            cache.put(user).await;
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// An address where nobody listens.
async fn closed_address() -> SocketAddr {
    TcpListener::bind(ANY_PORT).await.unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn without_redis_nothing_is_known_and_nothing_fails() {
    let url = format!("redis://{}", closed_address().await);
    let cache = RedisUserCache::connect(&url).await.unwrap();
    let user = user();
    // Two thousand deadlines would be minutes: all but the first calls leave Redis alone.
    in_time(async {
        for _ in 0..1_000 {
            cache.put(&user).await;
            assert_eq!(cache.get(user.id).await, None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_redis_that_does_not_answer_is_not_waited_for() {
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let cache = RedisUserCache::connect(&url).await.unwrap();
    // The operating system accepts the connection; nobody ever reads from it.
    in_time(async {
        for _ in 0..1_000 {
            assert_eq!(cache.get(user().id).await, None);
        }
    })
    .await;
    drop(listener);
}

#[tokio::test]
async fn connections_that_broke_are_replaced() {
    let url = redis_url();
    let proxy = Proxy::start(&url, ANY_PORT.parse().unwrap()).await;
    let cache = patient(&proxy.url(&url));
    let user = user();
    until_known(&cache, &user).await;
    // A restart: every connection is dead, and Redis is there again.
    let address = proxy.stop().await;
    let proxy = Proxy::start(&url, address).await;
    until_known(&cache, &user).await;
    proxy.stop().await;
}

#[tokio::test]
async fn a_redis_that_comes_up_later_is_used() {
    let url = redis_url();
    let address = closed_address().await;
    let placeholder = Proxy::start(&url, address).await;
    let cache_url = placeholder.url(&url);
    placeholder.stop().await;
    let cache = RedisUserCache::open(&cache_url, Duration::from_millis(100), Duration::ZERO).unwrap();
    let user = user();
    assert_eq!(in_time(cache.get(user.id)).await, None);
    let proxy = Proxy::start(&url, address).await;
    until_known(&cache, &user).await;
    proxy.stop().await;
}

#[tokio::test]
async fn an_encrypted_connection_is_begun_where_the_url_asks_for_it() {
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let url = format!("rediss://{}", listener.local_addr().unwrap());
    let cache = patient(&url);
    let hello = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap()
    };
    let id = user().id;
    let first_byte = in_time(async {
        tokio::select! {
            first_byte = hello => first_byte,
            _ = cache.get(id) => panic!("there was no answer to get"),
        }
    });
    // The content type of a TLS handshake (RFC 8446 section 5.1).
    assert_eq!(first_byte.await, 22);
}

#[tokio::test]
async fn only_a_malformed_url_is_refused_and_not_repeated() {
    for url in ["", "redis", "http://:hunter2@127.0.0.1", "redis://:hunter2@127.0.0.1:port", "redis://:hunter2@"] {
        let error = RedisUserCache::connect(url).await.unwrap_err();
        let shown = format!("{error} {:?} {:?}", error, error.source().map(ToString::to_string));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
