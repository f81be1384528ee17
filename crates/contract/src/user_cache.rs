//! What a user cache promises: never an older user than it was told of, and never another one.
//!
//! That it forgets in time is for each adapter to show: a suite that does not sleep cannot.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::sync::Arc;

use contacts_domain::{
    avatar::{Avatar, AvatarLocation},
    ids::{AvatarId, SessionId, UserId},
    person_name::PersonName,
    ports::{GONE, UserCache},
    session::{CachedUser, CurrentUser},
    user::User,
};
use futures_util::future::join_all;

use crate::fixtures::{at, unique_uuid, unusual_users, user};

/// Runs every case against a cache that the argument makes: an async function without arguments that
/// returns `Subject<Arc<dyn UserCache>>`. The cache must not give up where it is merely slow.
#[macro_export]
macro_rules! user_cache_suite {
    ($fresh:expr) => {
        $crate::__cases!(
            $fresh,
            user_cache,
            [
                who_was_never_put_is_unknown,
                an_entry_comes_back_with_every_field,
                entries_are_not_mistaken_for_each_other,
                an_entry_is_not_found_under_another_user_or_session,
                a_newer_version_replaces_an_older_one,
                an_older_version_does_not_replace_a_newer_one,
                a_version_may_be_put_again,
                versions_of_any_size_are_compared_as_numbers,
                a_minimum_hides_what_is_older_in_every_session,
                a_minimum_hides_what_is_older_and_put_later,
                a_minimum_admits_its_own_version_and_newer_ones,
                a_minimum_concerns_no_other_user,
                a_minimum_never_falls,
                minimums_of_any_size_are_compared_as_numbers,
                nothing_is_believed_of_a_user_who_is_gone,
                of_64_versions_put_at_once_the_newest_remains,
                of_64_minimums_said_at_once_the_highest_counts,
                once_a_minimum_is_said_nobody_sees_less,
            ]
        );
    };
}

/// An entry of that user, in a session of its own.
pub fn cached(user: User) -> CachedUser {
    CachedUser { current: CurrentUser { user, session: SessionId::new(unique_uuid()) }, read_at: at(987_654) }
}

pub async fn who_was_never_put_is_unknown(cache: Arc<dyn UserCache>) {
    cache.put(&cached(user())).await;
    let (stranger, session) = (UserId::new(unique_uuid()), SessionId::new(unique_uuid()));
    assert_eq!(cache.get(stranger, session).await, None);
}

pub async fn an_entry_comes_back_with_every_field(cache: Arc<dyn UserCache>) {
    let locations = ["https://images.example.com/a.jpg?v=1&x=\"%2F\"", "/media/avatars/a.png"];
    for (number, user) in (0_i64..).zip(unusual_users()) {
        let avatars = locations.map(|location| {
            let location = AvatarLocation::new(location.to_owned()).expect("a location");
            Some(Avatar { id: AvatarId::new(unique_uuid()), location })
        });
        for avatar in avatars.into_iter().chain([None]) {
            let entry = CachedUser { read_at: at(number), ..cached(User { avatar, ..user.clone() }) };
            cache.put(&entry).await;
            assert_eq!(find(&cache, &entry).await, Some(entry));
        }
    }
}

pub async fn entries_are_not_mistaken_for_each_other(cache: Arc<dyn UserCache>) {
    let entries: Vec<_> = (0..25).map(|_| user()).flat_map(|user| [cached(user.clone()), cached(user)]).collect();
    for entry in &entries {
        cache.put(entry).await;
    }
    for entry in &entries {
        assert_eq!(find(&cache, entry).await.as_ref(), Some(entry));
    }
}

pub async fn an_entry_is_not_found_under_another_user_or_session(cache: Arc<dyn UserCache>) {
    let (ada, mallory) = (cached(user()), cached(user()));
    cache.put(&ada).await;
    cache.put(&mallory).await;
    assert_eq!(cache.get(ada.current.user.id, mallory.current.session).await, None);
    assert_eq!(cache.get(mallory.current.user.id, ada.current.session).await, None);
}

pub async fn a_newer_version_replaces_an_older_one(cache: Arc<dyn UserCache>) {
    let entry = cached(user());
    for version in [1, 2, 3, 10] {
        let newer = of_version(&entry, version);
        cache.put(&newer).await;
        assert_eq!(find(&cache, &entry).await, Some(newer));
    }
}

pub async fn an_older_version_does_not_replace_a_newer_one(cache: Arc<dyn UserCache>) {
    let newest = of_version(&cached(user()), 10);
    cache.put(&newest).await;
    for version in [9, 2, 1] {
        cache.put(&of_version(&newest, version)).await;
        assert_eq!(find(&cache, &newest).await.as_ref(), Some(&newest), "version {version} was kept");
    }
}

pub async fn a_version_may_be_put_again(cache: Arc<dyn UserCache>) {
    let entry = cached(user());
    for _ in 0..3 {
        cache.put(&entry).await;
        assert_eq!(find(&cache, &entry).await.as_ref(), Some(&entry));
    }
}

/// Neither as text, nor as numbers that cannot tell the last two apart.
const SIZES: [i64; 10] = [9, 10, 99, 100, 1 << 31, 1 << 53, (1 << 53) + 1, (1 << 53) + 2, GONE - 2, GONE - 1];

pub async fn versions_of_any_size_are_compared_as_numbers(cache: Arc<dyn UserCache>) {
    let entry = cached(user());
    for version in SIZES {
        let newer = of_version(&entry, version);
        cache.put(&newer).await;
        assert_eq!(find(&cache, &entry).await.as_ref(), Some(&newer));
        cache.put(&of_version(&entry, version - 1)).await;
        assert_eq!(find(&cache, &entry).await, Some(newer));
    }
}

pub async fn a_minimum_hides_what_is_older_in_every_session(cache: Arc<dyn UserCache>) {
    let one = of_version(&cached(user()), 4);
    let other = cached(one.current.user.clone());
    cache.put(&one).await;
    cache.put(&other).await;
    assert!(find(&cache, &one).await.is_some() && find(&cache, &other).await.is_some());
    cache.invalidate(one.current.user.id, 5).await;
    assert_eq!(find(&cache, &one).await, None);
    assert_eq!(find(&cache, &other).await, None);
}

pub async fn a_minimum_hides_what_is_older_and_put_later(cache: Arc<dyn UserCache>) {
    let entry = cached(user());
    cache.invalidate(entry.current.user.id, 5).await;
    for version in [1, 4] {
        cache.put(&of_version(&entry, version)).await;
        assert_eq!(find(&cache, &entry).await, None, "version {version} was believed");
    }
}

pub async fn a_minimum_admits_its_own_version_and_newer_ones(cache: Arc<dyn UserCache>) {
    let entry = of_version(&cached(user()), 5);
    // What is there and new enough stays.
    cache.put(&entry).await;
    cache.invalidate(entry.current.user.id, 5).await;
    assert_eq!(find(&cache, &entry).await.as_ref(), Some(&entry));
    cache.invalidate(entry.current.user.id, 6).await;
    for version in [6, 7] {
        let newer = of_version(&entry, version);
        cache.put(&newer).await;
        assert_eq!(find(&cache, &entry).await, Some(newer));
    }
}

pub async fn a_minimum_concerns_no_other_user(cache: Arc<dyn UserCache>) {
    let (ada, grace) = (cached(user()), cached(user()));
    cache.put(&ada).await;
    cache.invalidate(grace.current.user.id, GONE).await;
    assert_eq!(find(&cache, &ada).await.as_ref(), Some(&ada));
}

pub async fn a_minimum_never_falls(cache: Arc<dyn UserCache>) {
    let entry = of_version(&cached(user()), 9);
    for minimum in [10, 2, 9, 1, 0] {
        cache.invalidate(entry.current.user.id, minimum).await;
        cache.put(&entry).await;
        assert_eq!(find(&cache, &entry).await, None, "the minimum fell to {minimum}");
    }
}

pub async fn minimums_of_any_size_are_compared_as_numbers(cache: Arc<dyn UserCache>) {
    let entry = cached(user());
    let id = entry.current.user.id;
    for minimum in SIZES {
        cache.invalidate(id, minimum).await;
        cache.invalidate(id, minimum - 1).await;
        cache.put(&of_version(&entry, minimum - 1)).await;
        assert_eq!(find(&cache, &entry).await, None, "{minimum}");
        let least = of_version(&entry, minimum);
        cache.put(&least).await;
        assert_eq!(find(&cache, &entry).await, Some(least));
    }
}

pub async fn nothing_is_believed_of_a_user_who_is_gone(cache: Arc<dyn UserCache>) {
    let entry = cached(user());
    cache.put(&entry).await;
    cache.invalidate(entry.current.user.id, GONE).await;
    assert_eq!(find(&cache, &entry).await, None);
    for version in [1, 1 << 53, GONE - 1] {
        cache.put(&of_version(&entry, version)).await;
        assert_eq!(find(&cache, &entry).await, None, "version {version} was believed");
    }
    cache.invalidate(entry.current.user.id, 1).await;
    cache.put(&entry).await;
    assert_eq!(find(&cache, &entry).await, None);
}

pub async fn of_64_versions_put_at_once_the_newest_remains(cache: Arc<dyn UserCache>) {
    for _ in 0..5 {
        let entry = cached(user());
        let puts = shuffled().map(|version| {
            let (cache, entry) = (cache.clone(), of_version(&entry, version));
            tokio::spawn(async move { cache.put(&entry).await })
        });
        for result in join_all(puts.collect::<Vec<_>>()).await {
            result.expect("a put does not panic");
        }
        assert_eq!(find(&cache, &entry).await, Some(of_version(&entry, 64)));
    }
}

pub async fn of_64_minimums_said_at_once_the_highest_counts(cache: Arc<dyn UserCache>) {
    for _ in 0..5 {
        let entry = cached(user());
        let user = entry.current.user.id;
        let told = shuffled().map(|minimum| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.invalidate(user, minimum).await })
        });
        for result in join_all(told.collect::<Vec<_>>()).await {
            result.expect("invalidating does not panic");
        }
        cache.put(&of_version(&entry, 63)).await;
        assert_eq!(find(&cache, &entry).await, None);
        cache.put(&of_version(&entry, 64)).await;
        assert!(find(&cache, &entry).await.is_some());
    }
}

pub async fn once_a_minimum_is_said_nobody_sees_less(cache: Arc<dyn UserCache>) {
    let entry = cached(user());
    let user = entry.current.user.id;
    // Readers who are late: they put again and again what they read before each change.
    let late: Vec<_> = (0..4)
        .map(|_| {
            let (cache, entry) = (cache.clone(), entry.clone());
            tokio::spawn(async move {
                for version in (1..=50).flat_map(|version| [version, version, version]) {
                    cache.put(&of_version(&entry, version)).await;
                }
            })
        })
        .collect();
    for minimum in 2..=51 {
        cache.invalidate(user, minimum).await;
        let seen = find(&cache, &entry).await.map(|entry| entry.current.user.version);
        assert!(seen.is_none_or(|version| version >= minimum), "{seen:?} after {minimum}");
    }
    for result in join_all(late).await {
        result.expect("a put does not panic");
    }
    assert_eq!(find(&cache, &entry).await, None);
}

/// From 1 to 64, in an order that is neither rising nor falling.
fn shuffled() -> impl Iterator<Item = i64> {
    (0..64).map(|number| (number * 37) % 64 + 1)
}

/// What the cache knows of the user and the session of an entry.
async fn find(cache: &Arc<dyn UserCache>, entry: &CachedUser) -> Option<CachedUser> {
    cache.get(entry.current.user.id, entry.current.session).await
}

/// The entry with that version of its user, with a name and a time to tell it by.
fn of_version(entry: &CachedUser, version: i64) -> CachedUser {
    let user = User {
        version,
        name: Some(PersonName::parse(&format!("version {version}")).expect("a name")),
        updated_at: at(version % 1_000_000),
        ..entry.current.user.clone()
    };
    CachedUser { current: CurrentUser { user, ..entry.current.clone() }, read_at: at(version % 1_000) }
}
