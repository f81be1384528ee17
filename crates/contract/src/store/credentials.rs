//! Passwords and logins: what proves that it is the user, and where they are known.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{caller::ClientAddress, ids::UserId, password::PasswordHash, session::Session, user::User};

use super::{
    Store,
    steps::{at_once, begin, begin_session, find_user, register, registered},
};
use crate::fixtures::{address, at, password_hash, session, unique_address, unique_uuid, user};

pub async fn the_hash_of_a_password_is_found_by_id(store: Store) {
    let (user, hash) = with_password(&store).await;
    assert!(find_hash(&store, user.id).await == Some(hash), "another hash came back");
    assert!(find_hash(&store, UserId::new(unique_uuid())).await.is_none(), "a hash of nobody");
}

pub async fn a_new_hash_takes_the_place_of_the_old_one(store: Store) {
    let (ada, _) = with_password(&store).await;
    let (grace, of_grace) = with_password(&store).await;
    let new = password_hash();
    let mut transaction = begin(&store).await;
    transaction.users().set_password_hash(ada.id, &new).await.unwrap();
    transaction.commit().await.unwrap();
    assert!(find_hash(&store, ada.id).await == Some(new.clone()), "the old hash remained");
    assert!(find_hash(&store, grace.id).await == Some(of_grace), "another user's hash changed");
    assert_eq!(find_user(&store, ada.id).await, Some(ada.clone()), "more than the hash changed");
    let found = store.read().users().find_credentials(&ada.email.account_key(), address("203.0.113.7")).await;
    assert!(found.unwrap().unwrap().password_hash == new, "a login sees the old hash");
}

pub async fn a_hash_is_replaced_only_where_it_is_the_old_one(store: Store) {
    let (ada, old) = with_password(&store).await;
    let (grace, of_grace) = with_password(&store).await;
    let new = password_hash();
    assert!(!replace(&store, ada.id, &password_hash(), &new).await, "a hash that was never there was replaced");
    assert!(!replace(&store, ada.id, &of_grace, &new).await, "another user's hash was replaced");
    assert!(!replace(&store, UserId::new(unique_uuid()), &old, &new).await, "a hash of nobody was replaced");
    assert!(find_hash(&store, ada.id).await == Some(old.clone()), "the hash changed");
    assert!(replace(&store, ada.id, &old, &new).await);
    assert!(!replace(&store, ada.id, &old, &password_hash()).await, "an old hash was replaced twice");
    assert!(find_hash(&store, ada.id).await == Some(new), "the hash did not change");
    assert!(find_hash(&store, grace.id).await == Some(of_grace), "another user's hash changed");
}

pub async fn who_is_disabled_is_known_to_be_and_their_hash_is_not_replaced(store: Store) {
    let (ada, old) = with_password(&store).await;
    let (grace, of_grace) = with_password(&store).await;
    let disabled = async |user: &User| {
        let found = store.read().users().find_credentials(&user.email.account_key(), address("203.0.113.7")).await;
        let account = store.read().users().account(user.id).await.unwrap().unwrap();
        assert_eq!(account.user, *user, "nothing else of the user changed");
        assert_eq!(found.unwrap().unwrap().disabled, account.disabled);
        account.disabled
    };
    assert!(!disabled(&ada).await);
    for is_disabled in [true, false] {
        let mut transaction = begin(&store).await;
        transaction.users().set_disabled(ada.id, is_disabled).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(disabled(&ada).await, is_disabled);
        assert!(!disabled(&grace).await, "another user is disabled");
        assert_eq!(replace(&store, ada.id, &old, &old).await, !is_disabled);
        assert!(replace(&store, grace.id, &of_grace, &of_grace).await);
    }
}

pub async fn accounts_are_listed_in_pages_in_the_order_of_their_keys(store: Store) {
    let mark = unique_uuid().simple().to_string()[24..].to_owned();
    let mut keys = Vec::new();
    for name in ["b_1", "a%1", "c~1", "bx1"] {
        let user = User { email: unique_address(&format!("{name}-{mark}")), ..user() };
        keys.push(user.email.account_key());
        register(&store, &user).await;
    }
    keys.sort_unstable();
    let list = async |after: &str, holding: &str, limit| -> Vec<String> {
        let accounts = store.read().users().accounts(after, holding, limit).await.unwrap();
        accounts.into_iter().map(|account| account.user.email.account_key()).collect()
    };
    assert_eq!(list("", &mark, 10).await, keys);
    assert_eq!(list("", &mark, 3).await, keys[..3]);
    assert_eq!(list(&keys[2], &mark, 3).await, keys[3..]);
    for (text, key) in [("a%1-", 0), ("b_1-", 1), ("bx1-", 2), ("c~1-", 3)] {
        assert_eq!(list("", &format!("{text}{mark}"), 10).await, keys[key..=key], "no character stands for another");
    }
    assert!(list("", &format!("%{mark}"), 10).await.is_empty());
}

pub async fn an_account_knows_its_last_login(store: Store) {
    let user = registered(&store).await;
    let account = async || store.read().users().account(user.id).await.unwrap().unwrap();
    assert_eq!(account().await.last_login_at, None);
    let mut transaction = begin(&store).await;
    transaction.users().record_login(user.id, at(7)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(account().await.last_login_at, Some(at(7)));
    assert!(store.read().users().account(UserId::new(unique_uuid())).await.unwrap().is_none());
}

pub async fn of_50_replacements_of_one_hash_one_succeeds(store: Store) {
    let (user, old) = with_password(&store).await;
    let results = at_once(50, |_| {
        let (store, old, new) = (store.clone(), old.clone(), password_hash());
        async move { replace(&store, user.id, &old, &new).await.then_some(new) }
    })
    .await;
    let winners: Vec<PasswordHash> = results.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    assert!(find_hash(&store, user.id).await == winners.into_iter().next(), "the winner's hash is not there");
}

pub async fn an_address_is_known_once_a_session_began_there(store: Store) {
    let (ada, grace) = (registered(&store).await, registered(&store).await);
    assert!(!knows(&store, &ada, address("203.0.113.7")).await);
    begin_session(&store, &session(ada.id)).await;
    assert!(knows(&store, &ada, address("203.0.113.7")).await);
    assert!(!knows(&store, &ada, address("203.0.113.8")).await, "another address is known");
    assert!(!knows(&store, &grace, address("203.0.113.7")).await, "another user knows the address");

    begin_session(&store, &Session { address: address("2001:db8:1:2::3"), ..session(ada.id) }).await;
    assert!(knows(&store, &ada, address("2001:db8:1:2:ffff::1")).await, "one customer's network is one address");
    assert!(!knows(&store, &ada, address("2001:db8:1:3::3")).await, "another network is known");
}

pub async fn an_address_is_known_after_its_session_ended(store: Store) {
    let (forgetful, careful) = (registered(&store).await, registered(&store).await);
    let long_ago = at(-86_400_000_000 * 365);
    let expired = Session { expires_at: long_ago, ends_at: long_ago, ..session(forgetful.id) };
    begin_session(&store, &expired).await;
    begin_session(&store, &Session { revoked_at: Some(long_ago), ..session(careful.id) }).await;
    for user in [forgetful, careful] {
        assert!(knows(&store, &user, address("203.0.113.7")).await);
    }
}

pub async fn a_login_takes_no_version(store: Store) {
    let user = registered(&store).await;
    for id in [user.id, UserId::new(unique_uuid())] {
        let mut transaction = begin(&store).await;
        transaction.users().record_login(id, at(1)).await.unwrap();
        transaction.commit().await.unwrap();
    }
    assert_eq!(find_user(&store, user.id).await, Some(user));
}

async fn with_password(store: &Store) -> (User, PasswordHash) {
    let (user, hash) = (user(), password_hash());
    let mut transaction = begin(store).await;
    transaction.users().insert(&user, &hash).await.unwrap();
    transaction.commit().await.unwrap();
    (user, hash)
}

async fn find_hash(store: &Store, id: UserId) -> Option<PasswordHash> {
    store.read().users().find_password_hash(id).await.unwrap()
}

async fn replace(store: &Store, id: UserId, old: &PasswordHash, new: &PasswordHash) -> bool {
    let mut transaction = begin(store).await;
    let replaced = transaction.users().replace_password_hash(id, old, new).await.unwrap();
    transaction.commit().await.unwrap();
    replaced
}

async fn knows(store: &Store, user: &User, address: ClientAddress) -> bool {
    let found = store.read().users().find_credentials(&user.email.account_key(), address).await;
    found.unwrap().unwrap().knows_address
}
