use std::{fs, thread};

use contacts_security::secrets::{load_or_create, random_secret};
use secrecy::ExposeSecret;

#[test]
fn random_secrets_differ_and_are_long() {
    let (one, other) = (random_secret().unwrap(), random_secret().unwrap());
    assert_ne!(one.expose_secret(), other.expose_secret());
    assert_eq!(one.expose_secret().len(), 64);
}

#[test]
fn a_key_is_made_once_and_read_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys").join("jwt_secret");
    let made = load_or_create(&path).unwrap();
    assert_eq!(load_or_create(&path).unwrap().expose_secret(), made.expose_secret());
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing else is left behind");
}

#[cfg(unix)]
#[test]
fn a_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys").join("jwt_secret");
    load_or_create(&path).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn many_who_start_at_once_have_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwt_secret");
    let keys: Vec<String> = thread::scope(|scope| {
        let all: Vec<_> = (0..32).map(|_| scope.spawn(|| load_or_create(&path).unwrap())).collect();
        all.into_iter().map(|one| one.join().unwrap().expose_secret().to_owned()).collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]));
}

#[test]
fn a_key_file_that_holds_no_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwt_secret");
    fs::write(&path, "short\n").unwrap();
    assert!(load_or_create(&path).is_err());
}
