//! What an earlier run of Redis knew is not believed.

use contacts_domain::ports::UserCache;
use redis::AsyncCommands as _;

use super::{find, patient_cache, redis, redis_url, unknown_entry};
use crate::connections::run_id;

/// What Redis would call itself after a restart.
const OTHER_RUN: &str = "0123456789abcdef0123456789abcdef01234567";

#[tokio::test]
async fn a_cache_restored_from_an_earlier_run_is_not_believed() {
    let cache = patient_cache(&redis_url());
    let (entry, key, _) = unknown_entry().await;
    cache.put(&entry).await;
    assert!(find(&cache, &entry).await.is_some());
    let run = run_id(&mut redis().await).await.unwrap();
    let earlier = key.replacen(&*run, OTHER_RUN, 1);
    assert_ne!(earlier, key);
    // As if the entry had been put before the restart that this run began with.
    let () = redis().await.rename(&key, &earlier).await.unwrap();
    assert_eq!(find(&cache, &entry).await, None);
    // It is not its content that is in doubt.
    let () = redis().await.rename(&earlier, &key).await.unwrap();
    assert_eq!(find(&cache, &entry).await, Some(entry));
}
