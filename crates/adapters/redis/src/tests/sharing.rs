//! What is in Redis of users: for how long, for whom, and what is not believed.

use contacts_contract::{fixtures::user, user_cache::cached};
use contacts_domain::ports::{GONE, UserCache};
use redis::AsyncCommands as _;

use super::{find, of_version, patient_cache, redis, redis_url, unknown_entry};
use crate::user_cache::{ENTRY_MS, MINIMUM_MS};

#[tokio::test]
async fn replicas_share_what_they_know() {
    let (one, other) = (patient_cache(&redis_url()), patient_cache(&redis_url()));
    let entry = cached(user());
    one.put(&entry).await;
    assert_eq!(find(&other, &entry).await.as_ref(), Some(&entry));
    let newer = of_version(&entry, 2);
    other.put(&newer).await;
    one.put(&entry).await;
    assert_eq!(find(&one, &entry).await, Some(newer));
    other.invalidate(entry.current.user.id, 3).await;
    assert_eq!(find(&one, &entry).await, None);
}

#[tokio::test]
async fn an_entry_and_a_minimum_are_forgotten_in_time() {
    let cache = patient_cache(&redis_url());
    let (entry, key, minimum) = unknown_entry().await;
    cache.put(&entry).await;
    cache.invalidate(entry.current.user.id, 1).await;
    assert!((1..=ENTRY_MS).contains(&remaining(&key).await));
    assert!((ENTRY_MS..=MINIMUM_MS).contains(&remaining(&minimum).await));
}

#[tokio::test]
async fn what_is_not_to_be_believed_is_not_stored() {
    let cache = patient_cache(&redis_url());
    let (entry, key, _) = unknown_entry().await;
    cache.invalidate(entry.current.user.id, 6).await;
    cache.put(&entry).await;
    assert!(!redis().await.exists::<_, bool>(&key).await.unwrap());
    cache.put(&of_version(&entry, 6)).await;
    assert!(redis().await.exists::<_, bool>(&key).await.unwrap());
}

#[tokio::test]
async fn only_a_newer_reading_prolongs_an_entry() {
    let cache = patient_cache(&redis_url());
    let (entry, key, _) = unknown_entry().await;
    let shorten = async || redis().await.pexpire::<_, bool>(&key, 10_000).await.unwrap();
    cache.put(&entry).await;
    shorten().await;
    cache.put(&of_version(&entry, 4)).await;
    assert!(remaining(&key).await <= 10_000, "an older version prolonged the newer one");
    cache.put(&entry).await;
    assert!(remaining(&key).await > 10_000);
}

#[tokio::test]
async fn a_lower_minimum_prolongs_a_higher_one() {
    let cache = patient_cache(&redis_url());
    let (entry, _, minimum) = unknown_entry().await;
    let user = entry.current.user.id;
    cache.invalidate(user, GONE).await;
    let () = redis().await.pexpire(&minimum, 10_000).await.unwrap();
    cache.invalidate(user, 2).await;
    assert!(remaining(&minimum).await > 10_000);
    let stored: String = redis().await.get(&minimum).await.unwrap();
    assert_eq!(stored, "09223372036854775807");
}

#[tokio::test]
async fn a_poisoned_entry_is_ignored_and_replaced() {
    let cache = patient_cache(&redis_url());
    let (entry, key, _) = unknown_entry().await;
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
        assert_eq!(find(&cache, &entry).await, None, "{poison:?}");
        cache.put(&entry).await;
        assert_eq!(find(&cache, &entry).await.as_ref(), Some(&entry), "{poison:?}");
    }
    let () = redis().await.del(&key).await.unwrap();
    let () = redis().await.lpush(&key, "a list").await.unwrap();
    assert_eq!(find(&cache, &entry).await, None);
    cache.put(&entry).await;
    assert_eq!(find(&cache, &entry).await.as_ref(), Some(&entry));
}

#[tokio::test]
async fn beside_a_poisoned_minimum_nothing_is_believed_until_it_is_replaced() {
    let cache = patient_cache(&redis_url());
    let (entry, _, minimum) = unknown_entry().await;
    let poisons: [&[u8]; 5] = [b"", b"poison", b"\xff\xfe\0", b"1", b"99999999999999999999"];
    for poison in poisons {
        cache.put(&entry).await;
        let () = redis().await.set(&minimum, poison).await.unwrap();
        assert_eq!(find(&cache, &entry).await, None, "{poison:?}");
        cache.put(&entry).await;
        assert_eq!(find(&cache, &entry).await.as_ref(), Some(&entry), "{poison:?}");
        let () = redis().await.set(&minimum, poison).await.unwrap();
        cache.invalidate(entry.current.user.id, 1).await;
        assert_eq!(find(&cache, &entry).await.as_ref(), Some(&entry), "{poison:?}");
    }
}

#[tokio::test]
async fn an_entry_of_somebody_else_is_ignored() {
    let cache = patient_cache(&redis_url());
    let ((ada, ada_key, _), (mallory, mallory_key, _)) = (unknown_entry().await, unknown_entry().await);
    cache.put(&mallory).await;
    let stolen: Vec<u8> = redis().await.get(mallory_key).await.unwrap();
    let () = redis().await.set_ex(ada_key, stolen, 20).await.unwrap();
    assert_eq!(find(&cache, &ada).await, None);
    assert_eq!(find(&cache, &mallory).await, Some(mallory));
}

#[tokio::test]
async fn a_redis_that_was_flushed_begins_anew() {
    let cache = patient_cache(&redis_url());
    let (entry, key, minimum) = unknown_entry().await;
    cache.invalidate(entry.current.user.id, 5).await;
    cache.put(&entry).await;
    // The keys of this test alone, for others use the same Redis; and every script.
    let () = redis().await.del(&[key, minimum]).await.unwrap();
    let () = redis::cmd("SCRIPT").arg("FLUSH").query_async(&mut redis().await).await.unwrap();
    assert_eq!(find(&cache, &entry).await, None);
    cache.put(&entry).await;
    assert_eq!(find(&cache, &entry).await.as_ref(), Some(&entry));
    cache.invalidate(entry.current.user.id, 6).await;
    assert_eq!(find(&cache, &entry).await, None);
}

/// Milliseconds until a key is forgotten.
async fn remaining(key: &str) -> u64 {
    let remaining: i64 = redis().await.pttl(key).await.unwrap();
    u64::try_from(remaining).expect("the key is there, and will be forgotten")
}
