//! What is in Redis: for how long, for whom, and what is not believed.

use contacts_contract::fixtures::user;
use contacts_domain::{ports::UserCache, user::User};
use redis::AsyncCommands as _;

use super::{patient, redis, redis_url};
use crate::{entry::key, user_cache::TIME_TO_LIVE_MS};

#[tokio::test]
async fn replicas_share_what_they_know() {
    let (one, other) = (patient(&redis_url()), patient(&redis_url()));
    let user = user();
    one.put(&user).await;
    assert_eq!(other.get(user.id).await.as_ref(), Some(&user));
    let newer = User { version: 2, email_verified: true, ..user.clone() };
    other.put(&newer).await;
    one.put(&user).await;
    assert_eq!(one.get(user.id).await, Some(newer));
}

#[tokio::test]
async fn an_entry_is_forgotten_in_time() {
    let cache = patient(&redis_url());
    let user = user();
    cache.put(&user).await;
    assert!((1..=TIME_TO_LIVE_MS).contains(&remaining(&user).await));
}

#[tokio::test]
async fn only_a_newer_reading_prolongs_an_entry() {
    let cache = patient(&redis_url());
    let user = User { version: 5, ..user() };
    let shorten = async || redis().await.pexpire::<_, bool>(key(user.id), 10_000).await.unwrap();
    cache.put(&user).await;
    shorten().await;
    cache.put(&User { version: 4, ..user.clone() }).await;
    assert!(remaining(&user).await <= 10_000, "an older version prolonged the newer one");
    cache.put(&user).await;
    assert!(remaining(&user).await > 10_000);
}

#[tokio::test]
async fn a_poisoned_entry_is_ignored_and_replaced() {
    let cache = patient(&redis_url());
    let user = user();
    let key = key(user.id);
    let poisons: [&[u8]; 6] = [
        b"",
        b"poison",
        b"\xff\xfe\0",
        b"00000000000000000001{}",
        b"00000000000000000001null",
        // Newer than anything, and there to stay.
        b"99999999999999999999{}",
    ];
    for poison in poisons {
        let () = redis().await.set(&key, poison).await.unwrap();
        assert_eq!(cache.get(user.id).await, None, "{poison:?}");
        cache.put(&user).await;
        assert_eq!(cache.get(user.id).await.as_ref(), Some(&user), "{poison:?}");
    }
    let () = redis().await.del(&key).await.unwrap();
    let () = redis().await.lpush(&key, "a list").await.unwrap();
    assert_eq!(cache.get(user.id).await, None);
    cache.put(&user).await;
    assert_eq!(cache.get(user.id).await.as_ref(), Some(&user));
}

#[tokio::test]
async fn an_entry_of_somebody_else_is_ignored() {
    let cache = patient(&redis_url());
    let (ada, mallory) = (user(), user());
    cache.put(&mallory).await;
    let stolen: Vec<u8> = redis().await.get(key(mallory.id)).await.unwrap();
    let () = redis().await.set_ex(key(ada.id), stolen, 20).await.unwrap();
    assert_eq!(cache.get(ada.id).await, None);
}

/// Milliseconds until the user's entry is forgotten.
async fn remaining(user: &User) -> u64 {
    let remaining: i64 = redis().await.pttl(key(user.id)).await.unwrap();
    u64::try_from(remaining).expect("the entry is there, and will be forgotten")
}
