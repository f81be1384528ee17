//! Users: found as they were stored, one for each address.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    birthday_window::LeapDayRule,
    email_address::{EmailAddress, account_key},
    ids::UserId,
    language::Language,
    person_name::PersonName,
    phone::PhoneRegion,
    ports::UniqueKey,
    time_zone::TimeZone,
    user::{Credentials, User},
};

use super::{
    Store,
    steps::{assert_conflict, begin, find_user, register, registered},
};
use crate::fixtures::{address, at, avatar, password_hash, unique_address, unique_uuid, unusual_users, user};

pub async fn a_new_user_is_found_with_every_field(store: Store) {
    for user in unusual_users() {
        let hash = password_hash();
        let mut transaction = begin(&store).await;
        transaction.users().insert(&user, &hash).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(find_user(&store, user.id).await.as_ref(), Some(&user));
        let credentials = credentials(&store, &user.email.account_key()).await.unwrap();
        assert_eq!(credentials.user, user);
        assert!(credentials.password_hash == hash, "another hash came back");
    }
}

pub async fn a_user_who_was_never_registered_is_not_found(store: Store) {
    registered(&store).await;
    assert_eq!(find_user(&store, UserId::new(unique_uuid())).await, None);
    for text in [user().email.account_key().as_str(), "", "%", "no address"] {
        assert_eq!(credentials(&store, text).await, None, "{text:?}");
        assert_eq!(find_by_key(&store, text).await, None, "{text:?}");
    }
}

pub async fn an_account_is_found_whatever_the_case_of_its_address(store: Store) {
    let text = format!("Ada.ÉMILE.{}@Example.COM", unique_uuid().simple());
    let user = with_address(&text);
    register(&store, &user).await;
    for login in [text.clone(), text.to_lowercase(), text.to_uppercase(), format!(" {text} ")] {
        let found = credentials(&store, &account_key(&login)).await;
        assert_eq!(found.map(|found| found.user).as_ref(), Some(&user), "{login:?}");
        assert_eq!(find_by_key(&store, &account_key(&login)).await.as_ref(), Some(&user), "{login:?}");
    }
    assert_eq!(find_user(&store, user.id).await.unwrap().email.as_str(), text, "the address changed");
}

pub async fn an_address_in_another_case_is_taken(store: Store) {
    let first = registered(&store).await;
    let second = with_address(&first.email.as_str().to_uppercase());
    assert_taken(&store, &second).await;
    assert_eq!(credentials(&store, &first.email.account_key()).await.unwrap().user, first);
}

pub async fn an_address_composed_otherwise_is_taken(store: Store) {
    let domain = format!("{}.example.com", unique_uuid().simple());
    register(&store, &with_address(&format!("\u{e9}mile@{domain}"))).await;
    let decomposed = User {
        // As another version of the rules for addresses may have let it in.
        email: EmailAddress::from_stored(format!("e\u{301}mile@{domain}")),
        ..user()
    };
    assert_taken(&store, &decomposed).await;
}

pub async fn an_address_with_another_accent_is_free(store: Store) {
    let domain = format!("{}.example.com", unique_uuid().simple());
    for name in ["émile", "emile", "èmile", "émil", "émile%", "émil_"] {
        register(&store, &with_address(&format!("{name}@{domain}"))).await;
    }
    let found = credentials(&store, &account_key(&format!("emile@{domain}"))).await;
    assert_eq!(found.unwrap().user.email.as_str(), format!("emile@{domain}"));
}

pub async fn an_id_is_taken_once(store: Store) {
    let first = registered(&store).await;
    let second = User { id: first.id, ..user() };
    let mut transaction = begin(&store).await;
    assert_conflict(transaction.users().insert(&second, &password_hash()).await, UniqueKey::Id);
    transaction.rollback().await.unwrap();
    assert_eq!(find_user(&store, first.id).await, Some(first));
}

pub async fn locking_takes_the_next_version(store: Store) {
    for user in unusual_users() {
        register(&store, &user).await;
        let mut transaction = begin(&store).await;
        let locked = transaction.users().lock(user.id).await.unwrap().unwrap();
        let expected = User { version: user.version + 1, ..user };
        assert_eq!(locked, expected);
        transaction.rollback().await.unwrap();
    }
}

pub async fn an_update_of_a_locked_user_persists(store: Store) {
    let user = registered(&store).await;
    let bystander = registered(&store).await;
    let changes = [
        User {
            email: unique_address("ада"),
            email_verified: true,
            name: Some(PersonName::parse("Ада 🧮").unwrap()),
            language: Language::Polish,
            time_zone: TimeZone::parse("Europe/Warsaw").unwrap(),
            leap_day_rule: LeapDayRule::Mar1,
            phone_region: Some(PhoneRegion::parse("PL").unwrap()),
            avatar: Some(avatar("/media/ada.jpg")),
            updated_at: at(7),
            ..user.clone()
        },
        // Back to nothing: what was set can be cleared.
        User { updated_at: at(8), ..user.clone() },
    ];
    for (changed, version) in changes.into_iter().zip(user.version + 1..) {
        let mut transaction = begin(&store).await;
        let locked = transaction.users().lock(user.id).await.unwrap().unwrap();
        assert_eq!(locked.version, version);
        let changed = User { version, ..changed };
        transaction.users().update(&changed).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(find_user(&store, user.id).await, Some(changed));
    }
    assert_eq!(find_user(&store, bystander.id).await, Some(bystander), "another user changed");
}

pub async fn an_update_leaves_the_credentials_alone(store: Store) {
    let user = registered(&store).await;
    let key = user.email.account_key();
    let before = credentials(&store, &key).await.unwrap();
    let mut transaction = begin(&store).await;
    let locked = transaction.users().lock(user.id).await.unwrap().unwrap();
    let named = User { name: Some(PersonName::parse("Ada").unwrap()), ..locked };
    transaction.users().update(&named).await.unwrap();
    transaction.commit().await.unwrap();
    let after = credentials(&store, &key).await.unwrap();
    assert_eq!(after.user, named);
    assert!(after.password_hash == before.password_hash, "the password changed");
}

pub async fn a_changed_address_is_the_key_of_its_user_and_the_former_one_is_free(store: Store) {
    let user = registered(&store).await;
    let former = user.email.clone();
    let mut transaction = begin(&store).await;
    let locked = transaction.users().lock(user.id).await.unwrap().unwrap();
    let moved = User { email: unique_address("Grace"), ..locked };
    transaction.users().update(&moved).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(find_by_key(&store, &former.account_key()).await, None);
    assert_eq!(find_by_key(&store, &moved.email.account_key()).await, Some(moved));
    register(&store, &User { email: former, ..self::user() }).await;
}

pub async fn an_address_is_not_changed_to_a_taken_one(store: Store) {
    let (first, second) = (registered(&store).await, registered(&store).await);
    let mut transaction = begin(&store).await;
    let locked = transaction.users().lock(second.id).await.unwrap().unwrap();
    let shouting = EmailAddress::parse(&first.email.as_str().to_uppercase()).unwrap();
    let impostor = User { email: shouting, ..locked };
    assert_conflict(transaction.users().update(&impostor).await, UniqueKey::UserEmail);
    transaction.rollback().await.unwrap();
    assert_eq!(find_user(&store, second.id).await, Some(second));
    // Their own address in another case is not taken.
    let mut transaction = begin(&store).await;
    let locked = transaction.users().lock(first.id).await.unwrap().unwrap();
    let shouting = User { email: EmailAddress::parse(&first.email.as_str().to_uppercase()).unwrap(), ..locked };
    transaction.users().update(&shouting).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(find_user(&store, first.id).await, Some(shouting));
}

pub async fn nobody_is_locked_under_an_unknown_id(store: Store) {
    let user = registered(&store).await;
    let mut transaction = begin(&store).await;
    assert_eq!(transaction.users().lock(UserId::new(unique_uuid())).await.unwrap(), None);
    // Nothing went wrong: the transaction goes on.
    assert!(transaction.users().lock(user.id).await.unwrap().is_some());
    transaction.rollback().await.unwrap();
}

async fn credentials(store: &Store, account_key: &str) -> Option<Credentials> {
    store.read().users().find_credentials(account_key, address("203.0.113.7")).await.unwrap()
}

async fn find_by_key(store: &Store, account_key: &str) -> Option<User> {
    store.read().users().find_by_key(account_key).await.unwrap()
}

fn with_address(text: &str) -> User {
    User { email: EmailAddress::parse(text).unwrap(), ..user() }
}

async fn assert_taken(store: &Store, user: &User) {
    let mut transaction = begin(store).await;
    let inserted = transaction.users().insert(user, &password_hash()).await;
    assert_conflict(inserted, UniqueKey::UserEmail);
    transaction.rollback().await.unwrap();
    assert_eq!(find_user(store, user.id).await, None);
}
