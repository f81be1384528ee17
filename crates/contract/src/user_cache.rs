//! What a user cache promises: never an older user than it was given, and never another one.
//!
//! That it forgets in time is for each adapter to show: a suite that does not sleep cannot.

use std::sync::Arc;

use contacts_domain::{ids::UserId, person_name::PersonName, ports::UserCache, user::User};
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
                a_user_comes_back_with_every_field,
                users_are_not_mistaken_for_each_other,
                a_newer_version_replaces_an_older_one,
                an_older_version_does_not_replace_a_newer_one,
                a_version_may_be_put_again,
                versions_of_any_size_are_compared_as_numbers,
                of_64_versions_put_at_once_the_newest_remains,
            ]
        );
    };
}

pub async fn who_was_never_put_is_unknown(cache: Arc<dyn UserCache>) {
    cache.put(&user()).await;
    assert_eq!(cache.get(UserId::new(unique_uuid())).await, None);
}

pub async fn a_user_comes_back_with_every_field(cache: Arc<dyn UserCache>) {
    for user in unusual_users() {
        cache.put(&user).await;
        assert_eq!(cache.get(user.id).await, Some(user));
    }
}

pub async fn users_are_not_mistaken_for_each_other(cache: Arc<dyn UserCache>) {
    let users: Vec<User> = (0..50).map(|_| user()).collect();
    for user in &users {
        cache.put(user).await;
    }
    for user in &users {
        assert_eq!(cache.get(user.id).await.as_ref(), Some(user));
    }
}

pub async fn a_newer_version_replaces_an_older_one(cache: Arc<dyn UserCache>) {
    let user = user();
    for version in [1, 2, 3, 10] {
        let newer = of_version(&user, version);
        cache.put(&newer).await;
        assert_eq!(cache.get(user.id).await, Some(newer));
    }
}

pub async fn an_older_version_does_not_replace_a_newer_one(cache: Arc<dyn UserCache>) {
    let user = user();
    let newest = of_version(&user, 10);
    cache.put(&newest).await;
    for version in [9, 2, 1] {
        cache.put(&of_version(&user, version)).await;
        assert_eq!(cache.get(user.id).await.as_ref(), Some(&newest), "version {version} was kept");
    }
}

pub async fn a_version_may_be_put_again(cache: Arc<dyn UserCache>) {
    let user = user();
    for _ in 0..3 {
        cache.put(&user).await;
        assert_eq!(cache.get(user.id).await.as_ref(), Some(&user));
    }
}

pub async fn versions_of_any_size_are_compared_as_numbers(cache: Arc<dyn UserCache>) {
    let user = user();
    // Neither as text, nor as numbers that cannot tell the last two apart.
    for version in [9, 10, 99, 100, 1 << 31, 1 << 53, (1 << 53) + 1, i64::MAX - 1, i64::MAX] {
        let newer = of_version(&user, version);
        cache.put(&newer).await;
        assert_eq!(cache.get(user.id).await.as_ref(), Some(&newer));
        cache.put(&of_version(&user, version - 1)).await;
        assert_eq!(cache.get(user.id).await, Some(newer));
    }
}

pub async fn of_64_versions_put_at_once_the_newest_remains(cache: Arc<dyn UserCache>) {
    for _ in 0..5 {
        let user = user();
        // In an order that is neither rising nor falling.
        let puts = (0..64).map(|number| {
            let (cache, user) = (cache.clone(), of_version(&user, (number * 37) % 64 + 1));
            tokio::spawn(async move { cache.put(&user).await })
        });
        for result in join_all(puts.collect::<Vec<_>>()).await {
            result.expect("a put does not panic");
        }
        assert_eq!(cache.get(user.id).await, Some(of_version(&user, 64)));
    }
}

/// The user as that version of them, with a name and a time to tell it by.
fn of_version(user: &User, version: i64) -> User {
    User {
        version,
        name: Some(PersonName::parse(&format!("version {version}")).expect("a name")),
        updated_at: at(version % 1_000_000),
        ..user.clone()
    }
}
