//! What a login does where the hash is another one by the time that its session begins.

use super::*;

/// A store that has these hashes of Ada's password, one after the other, and is written to like this.
fn store_of<const R: usize, const W: usize>(hashes: [&'static str; R], works: [FakeUnitOfWork; W]) -> Arc<FakeStore> {
    FakeStore::reading_and_writing(
        |reads| {
            let mut hashes = hashes.into_iter();
            let find = reads.users.expect_find_credentials().times(R);
            find.with(eq("ada@example.com"), eq(a_caller().address)).returning(move |_, _| {
                let password_hash = PasswordHash::new(hashes.next().unwrap().into());
                Ok(Some(Credentials { password_hash, ..credentials(true) }))
            });
        },
        works,
    )
}

/// A transaction that comes too late: the hash is another one.
fn too_late(old: &'static str, new: &'static str) -> FakeUnitOfWork {
    transaction(|work| expect_replacement(work, (old, new), false))
}

/// Compares the password with these hashes, one after the other.
fn comparing<const N: usize>(answers: [(&'static str, Verification); N]) -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    for (hash, verification) in answers {
        let verify = hasher.expect_verify().times(1);
        let verify = verify
            .withf(move |tried, known| tried.expose() == PASSWORD && known.map(PasswordHash::expose) == Some(hash));
        verify.returning(move |_, _| Ok(verification));
    }
    hasher
}

#[tokio::test]
async fn the_slower_of_two_logins_that_replace_an_outdated_hash_begins_a_session_too() {
    let mut hasher = comparing([("$hash", Verification::Outdated), ("$newer", Verification::Right)]);
    hasher.expect_hash().times(1).returning(|_| Ok(PasswordHash::new("$new".into())));
    let store = store_of(["$hash", "$newer"], [too_late("$hash", "$new"), begins_with("$newer", "$newer")]);
    assert!(execute(dependencies_of(&store, hasher, codec()), adas()).await.is_ok());
    assert_eq!(store.endings(), [Ended::RolledBack, Ended::Committed]);
}

#[tokio::test]
async fn a_password_that_was_changed_meanwhile_begins_no_session_and_is_wrong() {
    let hasher = comparing([("$hash", Verification::Right), ("$changed", Verification::Wrong)]);
    let store = store_of(["$hash", "$changed"], [too_late("$hash", "$hash"), fails(Some(ada().id))]);
    assert!(matches!(refused(&store, hasher, adas()).await, Error::InvalidCredentials));
    assert_eq!(store.endings(), [Ended::RolledBack, Ended::Committed]);
}

#[tokio::test]
async fn a_hash_that_changes_again_and_again_is_not_followed_for_ever() {
    let hasher = comparing([("$hash", Verification::Right), ("$newer", Verification::Right)]);
    let store = store_of(["$hash", "$newer"], [too_late("$hash", "$hash"), too_late("$newer", "$newer")]);
    assert!(matches!(refused(&store, hasher, adas()).await, Error::InvalidCredentials));
    assert_eq!(store.endings(), [Ended::RolledBack; 2]);
}
