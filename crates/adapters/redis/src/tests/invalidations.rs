//! What one replica invalidates, the others hear; and they know when they do not.

use std::sync::Arc;

use contacts_domain::ports::{GONE, UserCache};
use contacts_memory::TieredUserCache;
use redis::AsyncCommands as _;

use super::{
    ANY_PORT, find, in_time,
    messages::{Ears, Event},
    patient_cache,
    proxy::Proxy,
    redis, redis_url, unknown_entry,
};
use crate::keys::INVALIDATIONS;

#[tokio::test]
async fn every_replica_hears_the_highest_minimum() {
    let (one, other) = (Ears::open(&redis_url(), None), Ears::open(&redis_url(), None));
    one.hear(Event::Connected).await;
    other.hear(Event::Connected).await;
    let cache = patient_cache(&redis_url());
    let user = unknown_entry().await.0.current.user.id;
    for (said, heard) in [(3, 3), (2, 3), (4, 4), (GONE, GONE), (5, GONE)] {
        cache.invalidate(user, said).await;
        one.hear(Event::Invalidated(user, heard)).await;
        other.hear(Event::Invalidated(user, heard)).await;
    }
}

#[tokio::test]
async fn a_message_reaches_the_copies_of_another_replica() {
    let near = Arc::new(TieredUserCache::new(patient_cache(&redis_url())));
    let ears = Ears::open(&redis_url(), Some(near.clone()));
    ears.hear(Event::Connected).await;
    let (entry, key, minimum) = unknown_entry().await;
    let user = entry.current.user.id;
    near.put(&entry).await;
    assert!(find(&*near, &entry).await.is_some());
    // The copy is in use: Redis does not know the entry any more.
    let () = redis().await.del(&key).await.unwrap();
    assert_eq!(find(&*near, &entry).await.as_ref(), Some(&entry));
    patient_cache(&redis_url()).invalidate(user, 6).await;
    ears.hear(Event::Invalidated(user, 6)).await;
    // It is the message that hides it, not the minimum in Redis.
    let () = redis().await.del(&minimum).await.unwrap();
    near.put(&entry).await;
    assert_eq!(find(&*near, &entry).await, None);
}

#[tokio::test]
async fn garbage_on_the_channel_is_ignored() {
    let ears = Ears::open(&redis_url(), None);
    ears.hear(Event::Connected).await;
    for garbage in [&b""[..], b"poison", b"\xff\xfe", b":::"] {
        let () = redis().await.publish(INVALIDATIONS, garbage).await.unwrap();
    }
    let user = unknown_entry().await.0.current.user.id;
    patient_cache(&redis_url()).invalidate(user, 2).await;
    ears.hear(Event::Invalidated(user, 2)).await;
}

#[tokio::test]
async fn who_is_cut_off_is_told_and_connected_again() {
    let url = redis_url();
    let proxy = Proxy::start(&url, ANY_PORT.parse().unwrap()).await;
    let ears = Ears::open(&proxy.url(&url), None);
    ears.hear(Event::Connected).await;
    let address = proxy.stop().await;
    ears.hear(Event::Disconnected).await;
    let _proxy = Proxy::start(&url, address).await;
    ears.hear(Event::Connected).await;
    let user = unknown_entry().await.0.current.user.id;
    patient_cache(&url).invalidate(user, 2).await;
    ears.hear(Event::Invalidated(user, 2)).await;
}

#[tokio::test]
async fn a_silent_partition_is_noticed_and_healed() {
    let url = redis_url();
    let proxy = Proxy::start(&url, ANY_PORT.parse().unwrap()).await;
    let near = Arc::new(TieredUserCache::new(patient_cache(&url)));
    let ears = Ears::open(&proxy.url(&url), Some(near.clone()));
    ears.hear(Event::Connected).await;
    let (entry, key, _) = unknown_entry().await;
    near.put(&entry).await;
    assert!(find(&*near, &entry).await.is_some());
    // Nothing is closed, and nothing comes.
    proxy.freeze();
    ears.hear(Event::Disconnected).await;
    let () = redis().await.del(&key).await.unwrap();
    assert_eq!(find(&*near, &entry).await, None, "a copy is used that nobody would take back");
    proxy.thaw();
    ears.hear(Event::Connected).await;
    near.invalidate(entry.current.user.id, 6).await;
    ears.hear(Event::Invalidated(entry.current.user.id, 6)).await;
}

#[tokio::test]
async fn who_stops_listening_is_told() {
    let mut ears = Ears::open(&redis_url(), None);
    ears.hear(Event::Connected).await;
    ears.task.abort();
    let stopped = in_time(&mut ears.task).await;
    assert!(stopped.unwrap_err().is_cancelled());
    ears.hear(Event::Disconnected).await;
}
