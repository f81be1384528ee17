//! What a password hasher promises: the right password, all of it, and nothing else.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::sync::Arc;

use contacts_domain::{
    password::{Password, PasswordHash},
    ports::{PasswordHasher, Verification},
};
use futures_util::future::join_all;

/// Runs every case against a hasher that the argument makes: an async function without arguments that
/// returns `Subject<Arc<dyn PasswordHasher>>`. Make it as cheap as it can be.
#[macro_export]
macro_rules! password_hasher_suite {
    ($fresh:expr) => {
        $crate::__cases!(
            $fresh,
            password_hasher,
            [
                the_right_password_is_accepted,
                a_wrong_password_is_refused,
                without_a_hash_every_password_is_refused,
                two_hashes_of_one_password_differ,
                long_passwords_are_told_apart_after_their_72nd_byte,
                a_password_does_not_end_at_nul,
                the_longest_password_is_accepted,
                the_way_a_letter_is_composed_makes_no_difference,
                passwords_may_be_of_any_script,
                whatever_is_typed_is_only_compared,
                a_hash_does_not_show_the_password,
                many_at_once_are_all_answered,
            ]
        );
    };
}

const PASSWORD: &str = "correct horse battery staple";

pub async fn the_right_password_is_accepted(hasher: Arc<dyn PasswordHasher>) {
    let hash = hash(&hasher, PASSWORD).await;
    assert!(verify(&hasher, PASSWORD, &hash).await);
}

pub async fn a_wrong_password_is_refused(hasher: Arc<dyn PasswordHasher>) {
    let hash = hash(&hasher, PASSWORD).await;
    for wrong in ["correct horse battery stapl", "correct horse battery staple ", "Correct horse battery staple", ""] {
        assert!(!verify(&hasher, wrong, &hash).await, "{wrong:?}");
    }
}

pub async fn without_a_hash_every_password_is_refused(hasher: Arc<dyn PasswordHasher>) {
    for text in [PASSWORD, "", "dummy", "password"] {
        let verified = hasher.verify(&Password::attempt(text), None).await.unwrap();
        assert_eq!(verified, Verification::Wrong, "{text:?}");
    }
}

pub async fn two_hashes_of_one_password_differ(hasher: Arc<dyn PasswordHasher>) {
    let (first, second) = (hash(&hasher, PASSWORD).await, hash(&hasher, PASSWORD).await);
    assert!(first != second, "two users with one password can be seen to have it");
    assert!(verify(&hasher, PASSWORD, &first).await && verify(&hasher, PASSWORD, &second).await);
}

pub async fn long_passwords_are_told_apart_after_their_72nd_byte(hasher: Arc<dyn PasswordHasher>) {
    for letter in ["a", "ż", "🔑"] {
        let common = letter.repeat(72 / letter.len());
        assert_eq!(common.len(), 72);
        let hash = hash(&hasher, &format!("{common}right")).await;
        assert!(verify(&hasher, &format!("{common}right"), &hash).await);
        for wrong in [common.clone(), format!("{common}wrong"), format!("{common}righ")] {
            assert!(!verify(&hasher, &wrong, &hash).await, "{wrong:?}");
        }
    }
}

pub async fn a_password_does_not_end_at_nul(hasher: Arc<dyn PasswordHasher>) {
    let hash = hash(&hasher, PASSWORD).await;
    for typed in [format!("{PASSWORD}\0"), format!("{PASSWORD}\0more"), format!("\0{PASSWORD}")] {
        assert!(!verify(&hasher, &typed, &hash).await, "{typed:?}");
    }
}

pub async fn the_longest_password_is_accepted(hasher: Arc<dyn PasswordHasher>) {
    for letter in ["x", "𝔘"] {
        let longest = letter.repeat(Password::MAX_LENGTH);
        let hash = hash(&hasher, &longest).await;
        assert!(verify(&hasher, &longest, &hash).await);
        assert!(!verify(&hasher, &longest[letter.len()..], &hash).await);
    }
}

pub async fn the_way_a_letter_is_composed_makes_no_difference(hasher: Arc<dyn PasswordHasher>) {
    let (composed, decomposed) = ("\u{e9}milie du ch\u{e2}telet", "e\u{301}milie du cha\u{302}telet");
    let hash_of_composed = hash(&hasher, composed).await;
    assert!(verify(&hasher, decomposed, &hash_of_composed).await);
    let hash_of_decomposed = hash(&hasher, decomposed).await;
    assert!(verify(&hasher, composed, &hash_of_decomposed).await);
    assert!(!verify(&hasher, "emilie du chatelet", &hash_of_composed).await);
}

pub async fn passwords_may_be_of_any_script(hasher: Arc<dyn PasswordHasher>) {
    let passwords = ["zażółć gęślą jaźń", "очень длинный пароль", "夏目漱石夏目漱石", "👩🏽‍🚀👩🏽‍🚀🔑🔑", "كلمة السر الطويلة"];
    for (index, password) in passwords.iter().enumerate() {
        let hash = hash(&hasher, password).await;
        for (other, text) in passwords.iter().enumerate() {
            assert_eq!(verify(&hasher, text, &hash).await, index == other, "{text} against {password}");
        }
    }
}

pub async fn whatever_is_typed_is_only_compared(hasher: Arc<dyn PasswordHasher>) {
    let hash = hash(&hasher, PASSWORD).await;
    for typed in ["\0".to_owned(), "\r\n".to_owned(), "x".repeat(100_000), hash.expose().to_owned()] {
        assert!(!verify(&hasher, &typed, &hash).await);
    }
}

pub async fn a_hash_does_not_show_the_password(hasher: Arc<dyn PasswordHasher>) {
    let hash = hash(&hasher, PASSWORD).await;
    assert!(!hash.expose().contains(PASSWORD));
    assert!(hash.expose().is_ascii() && hash.expose().len() < 256, "this is no text for a column");
}

pub async fn many_at_once_are_all_answered(hasher: Arc<dyn PasswordHasher>) {
    let hash = Arc::new(hash(&hasher, PASSWORD).await);
    let attempts = (0..64).map(|number| {
        let (hasher, hash) = (hasher.clone(), hash.clone());
        let right = number % 2 == 0;
        let text = if right { PASSWORD.to_owned() } else { format!("{PASSWORD}{number}") };
        tokio::spawn(async move { verify(&hasher, &text, &hash).await == right })
    });
    for result in join_all(attempts.collect::<Vec<_>>()).await {
        assert!(result.expect("no attempt panics"));
    }
}

async fn hash(hasher: &Arc<dyn PasswordHasher>, text: &str) -> PasswordHash {
    let password = Password::choose(text).expect("an acceptable password");
    hasher.hash(&password).await.expect("a password is hashed")
}

/// Whether it is the right one. What was just hashed is never outdated.
async fn verify(hasher: &Arc<dyn PasswordHasher>, text: &str, hash: &PasswordHash) -> bool {
    let verified = hasher.verify(&Password::attempt(text), Some(hash)).await;
    match verified.expect("a password is compared") {
        Verification::Right => true,
        Verification::Wrong => false,
        Verification::Outdated => panic!("what was hashed a moment ago is called outdated"),
    }
}
