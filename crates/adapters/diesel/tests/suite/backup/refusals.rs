//! What is refused changes nothing.

use std::sync::Arc;

use contacts_contract::store::{Store, steps::registered};
use contacts_diesel::{
    backup::{BackupError, Damage, RestoreError},
    migrations,
};
use serde_json::{Value, json};

use super::{
    filled::{Filled, filled},
    tools::{AnyDatabase, compressed, decompressed, lines},
};

/// Some forty places, and the last ones: where a file ends or is damaged decides on what notices it.
fn places(length: usize) -> impl Iterator<Item = usize> {
    (0..length).step_by(length / 40 + 1).chain(length - 12..length)
}

async fn a_part_of_an_archive_is_refused(database: AnyDatabase) {
    let Filled { database, .. } = filled(database).await;
    let before = database.content().await;
    let archive = database.archive().await;
    for length in places(archive.len()) {
        let error = database.replace(&archive[..length]).await.unwrap_err();
        assert!(matches!(error, RestoreError::Archive(Damage::Incomplete)), "{length}: {error:?}");
    }
    assert_eq!(database.content().await, before);
}

async fn a_damaged_archive_is_refused(database: AnyDatabase) {
    let Filled { database, .. } = filled(database).await;
    let before = database.content().await;
    let archive = database.archive().await;
    for place in places(archive.len()) {
        let mut damaged = archive.clone();
        damaged[place] ^= 0x10;
        // Some bits mean nothing, and some lead to the same text by another way: then nothing is lost.
        if decompressed(&damaged) == decompressed(&archive) {
            continue;
        }
        let outcome = database.replace(&damaged).await;
        assert!(matches!(outcome, Err(RestoreError::Archive(_))), "{place} of {}: {outcome:?}", archive.len());
    }
    assert_eq!(database.content().await, before);
}

type Change<'a> = &'a dyn Fn(&mut Vec<String>);

/// Somebody who changes a file and compresses it again is told as well.
async fn a_changed_archive_is_refused(database: AnyDatabase) {
    let Filled { database, .. } = filled(database).await;
    let before = database.content().await;
    let archive = lines(&database.archive().await);
    let is_row = |line: &&String| line.starts_with('[');
    let row = archive.iter().position(|line| is_row(&line)).unwrap();
    let changes: [(&str, Change<'_>); 7] = [
        ("a row is missing", &|lines| drop(lines.remove(row))),
        ("a row is there twice", &|lines| lines.insert(row, lines[row].clone())),
        ("a row is another", &|lines| lines[row] = lines[row].replace("example", "exampel")),
        ("a row is none", &|lines| lines[row] = "[1,2,3]".to_owned()),
        ("a table is unknown", &|lines| lines[1] = lines[1].replace("\"users\"", "\"users; DROP TABLE users\"")),
        ("a column is unknown", &|lines| lines[1] = lines[1].replace("\"email_key\"", "\"email_kee\"")),
        ("something follows", &|lines| lines.push("[1]".to_owned())),
    ];
    for (what, change) in changes {
        let mut lines = archive.clone();
        change(&mut lines);
        assert_ne!(lines, archive, "{what}");
        let error = database.replace(&compressed(&lines)).await.unwrap_err();
        assert!(matches!(error, RestoreError::Archive(Damage::Damaged(_))), "{what}: {error:?}");
    }
    assert_eq!(database.content().await, before);
}

async fn what_is_no_archive_is_refused(database: AnyDatabase) {
    let Filled { database, .. } = filled(database).await;
    let before = database.content().await;
    let other = compressed(&["{\"contacts\":[]}".to_owned()]);
    for foreign in [b"SQLite format 3\0".repeat(100), b"PGDMP".repeat(100), other] {
        let error = database.replace(&foreign).await.unwrap_err();
        assert!(matches!(error, RestoreError::Archive(Damage::Foreign)), "{error:?}");
    }
    assert_eq!(database.content().await, before);
}

/// The first line of an archive with this member otherwise.
fn changed(archive: &[u8], member: &str, value: Value) -> Vec<u8> {
    let mut lines = lines(archive);
    let mut first: Value = serde_json::from_str(&lines[0]).unwrap();
    first["archive"][member] = value;
    lines[0] = first.to_string();
    compressed(&lines)
}

async fn what_is_newer_is_refused(database: AnyDatabase) {
    let Filled { database, .. } = filled(database).await;
    let archive = database.archive().await;
    let before = database.content().await;
    let error = database.replace(&changed(&archive, "version", json!(2))).await.unwrap_err();
    assert!(matches!(error, RestoreError::Archive(Damage::NewerFormat(2))), "{error:?}");
    let error = database.replace(&changed(&archive, "schema", json!("00000000099999"))).await.unwrap_err();
    assert!(matches!(error, RestoreError::Archive(Damage::NewerSchema(_))), "{error:?}");
    assert_eq!(database.content().await, before);

    database.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('00000000099999')").await;
    let error = database.replace(&archive).await.unwrap_err();
    assert!(matches!(error, RestoreError::NewerDatabase(_)), "{error:?}");
    assert_eq!(database.content().await, before);
}

/// Also where no user is left: somebody may want to know what happened to accounts.
async fn what_is_there_is_not_given_up_without_a_word(database: AnyDatabase) {
    let Filled { database, .. } = filled(database).await;
    let empty = database.of_the_same_kind().await;
    migrations::up(&empty.url()).await.unwrap();
    let archive = empty.archive().await;
    let before = database.content().await;
    let error = database.restore(&archive).await.unwrap_err();
    assert!(matches!(&error, RestoreError::NotEmpty(table) if table == "users"), "{error:?}");
    assert_eq!(database.content().await, before);

    database.execute("DELETE FROM idempotency_keys; DELETE FROM users").await;
    let error = database.restore(&archive).await.unwrap_err();
    assert!(matches!(&error, RestoreError::NotEmpty(table) if table == "outbox"), "{error:?}");
    assert_eq!(database.replace(&archive).await.unwrap().rows(), 0);
    assert_eq!(database.content().await, empty.content().await);
}

async fn a_database_that_a_service_has_open_is_left_alone(database: AnyDatabase) {
    migrations::up(&database.url()).await.unwrap();
    let archive = database.archive().await;
    let service = database.open().await;
    let error = database.replace(&archive).await.unwrap_err();
    assert!(matches!(error, RestoreError::InUse), "{error:?}");
    let store: Store = Arc::new(service);
    registered(&store).await;
    drop(store);
    database.replace(&archive).await.unwrap();
}

macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    super::$name(super::AnyDatabase::sqlite()).await;
                }
            )+
        }

        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    super::$name(super::AnyDatabase::postgres().await).await;
                }
            )+
        }
    };
}

on_both!(
    a_part_of_an_archive_is_refused,
    a_damaged_archive_is_refused,
    a_changed_archive_is_refused,
    what_is_no_archive_is_refused,
    what_is_newer_is_refused,
    what_is_there_is_not_given_up_without_a_word,
    a_database_that_a_service_has_open_is_left_alone,
);

#[tokio::test]
async fn what_is_not_there_is_not_written_to_an_archive() {
    let database = AnyDatabase::sqlite();
    assert!(matches!(database.dump().await, Err(BackupError::NoFile)));
    database.execute("CREATE TABLE users (id BLOB)").await;
    assert!(matches!(database.dump().await, Err(BackupError::NoTables)));
    assert!(matches!(AnyDatabase::postgres().await.dump().await, Err(BackupError::NoTables)));
}
