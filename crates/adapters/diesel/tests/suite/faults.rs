//! What goes wrong is told apart, and passes.

use std::time::Duration;

use contacts_contract::fixtures::{password_hash, user};
use contacts_diesel::{Database, DatabaseConfig, DatabaseUrl, migrations};
use contacts_domain::{
    ids::{ContactId, UserId},
    ports::{ReadRepositories, RepositoryError, UnitOfWorkFactory},
};
use futures_util::future::join_all;
use tokio::time::timeout;

use crate::databases::{PostgresDatabase, SqliteDatabase, open};

/// So long that only what hangs exceeds it.
const PATIENCE: Duration = Duration::from_secs(60);

fn nobody() -> UserId {
    UserId::new(uuid::Uuid::nil())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_was_cut_is_unavailable_once_and_replaced() {
    let database = PostgresDatabase::new().await;
    let store = Database::connect(&DatabaseConfig {
        url: {
            migrations::up(&database.url()).await.unwrap();
            database.url()
        },
        pool_size: Some(1),
    })
    .await
    .unwrap();
    let mut work = store.begin().await.unwrap();
    assert!(work.users().lock(nobody()).await.unwrap().is_none());
    database.cut_connections().await;
    let error = work.users().lock(nobody()).await.unwrap_err();
    assert!(matches!(error, RepositoryError::Unavailable(_)), "{error:?}");
    drop(work);
    // The pool has one connection: the broken one must be gone.
    assert!(store.users().find(nobody()).await.unwrap().is_none());
    store.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_on_a_cut_connection_is_no_success() {
    let database = PostgresDatabase::new().await;
    let store = open(database.url()).await;
    let mut work = store.begin().await.unwrap();
    assert!(work.users().lock(nobody()).await.unwrap().is_none());
    database.cut_connections().await;
    let error = work.commit().await.unwrap_err();
    assert!(matches!(error, RepositoryError::Unavailable(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_waits_for_a_table_gives_up() {
    let database = PostgresDatabase::new().await;
    let store = open(database.url()).await;
    let altering = database.begin("ALTER TABLE contacts ADD COLUMN another TEXT").await;
    let error = store.contacts().find(nobody(), ContactId::new(uuid::Uuid::nil())).await.unwrap_err();
    assert!(matches!(error, RepositoryError::Unavailable(_)), "{error:?}");
    assert!(store.users().find(nobody()).await.unwrap().is_none(), "nobody waits behind it");
    drop(altering);
    assert!(store.contacts().find(nobody(), ContactId::new(uuid::Uuid::nil())).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_go_on_beside_a_connection_that_cannot_be_opened() {
    let database = PostgresDatabase::new().await;
    let store = open(database.url()).await;
    store.contacts().labels(nobody()).await.unwrap();
    database.execute("UPDATE pg_database SET datallowconn = false WHERE datname = current_database()").await;
    // More than there are connections: none of them has the one that is open to itself.
    let answers = join_all((0..10).map(|_| store.contacts().labels(nobody()))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
}

/// PostgreSQL itself would roll back and call that a success.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_after_a_statement_that_failed_on_postgres_is_no_success() {
    let database = PostgresDatabase::new().await;
    let store = open(database.url()).await;
    let (first, second) = (user(), user());
    let mut work = store.begin().await.unwrap();
    work.users().insert(&first, &password_hash()).await.unwrap();
    work.users().insert(&first, &password_hash()).await.unwrap_err();
    assert!(work.commit().await.is_err());
    assert!(store.users().find(first.id).await.unwrap().is_none());
    let mut work = store.begin().await.unwrap();
    work.users().insert(&second, &password_hash()).await.unwrap();
    work.commit().await.unwrap();
    assert!(store.users().find(second.id).await.unwrap().is_some());
}

#[tokio::test]
async fn who_reads_again_and_again_lets_others_have_the_thread() {
    let database = SqliteDatabase::new();
    let store = open(database.url()).await;
    let other = tokio::spawn(async {});
    for _ in 0..10_000 {
        store.users().find(nobody()).await.unwrap();
        if other.is_finished() {
            return;
        }
    }
    panic!("nobody else had it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_no_code_knows_is_inconsistent() {
    let database = PostgresDatabase::new().await;
    let store = open(database.url()).await;
    database
        .execute(
            "INSERT INTO users VALUES ('00000000-0000-0000-0000-000000000000', 'a@b.c', 'a@b.c', false, 'x', NULL, \
             'tlh', 'UTC', 'feb28', NULL, 1, now(), now())",
        )
        .await;
    let error = store.users().find(nobody()).await.unwrap_err();
    assert!(matches!(error, RepositoryError::Inconsistent(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_picture_is_inconsistent() {
    let database = PostgresDatabase::new().await;
    let store = open(database.url()).await;
    database
        .execute(
            "INSERT INTO users VALUES ('00000000-0000-0000-0000-000000000000', 'a@b.c', 'a@b.c', false, 'x', NULL, \
             'en', 'UTC', 'feb28', NULL, 1, now(), now())",
        )
        .await;
    for (id, location) in [("gen_random_uuid()", "NULL"), ("NULL", "'/a.jpg'"), ("gen_random_uuid()", "'a.jpg'")] {
        database.execute(&format!("UPDATE users SET avatar_id = {id}, avatar_location = {location}")).await;
        let error = store.users().find(nobody()).await.unwrap_err();
        assert!(matches!(error, RepositoryError::Inconsistent(_)), "{error:?}");
    }
    database.execute("UPDATE users SET avatar_id = gen_random_uuid(), avatar_location = '/a.jpg'").await;
    assert!(store.users().find(nobody()).await.unwrap().unwrap().avatar.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_no_code_knows_is_inconsistent() {
    let database = PostgresDatabase::new().await;
    let store = open(database.url()).await;
    for (kind, address) in [("abducted", "203.0.113.7"), ("logged_in", "203.0.113.7/64")] {
        database
            .execute(&format!(
                "DELETE FROM audit_log; \
                 INSERT INTO audit_log VALUES (gen_random_uuid(), '{kind}', NULL, NULL, '{address}', NULL, now())"
            ))
            .await;
        let error = store.audit().latest(None, 1).await.unwrap_err();
        assert!(matches!(error, RepositoryError::Inconsistent(_)), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_said_to_be_so() {
    let url = DatabaseUrl::parse("postgres://nobody:s3cret@127.0.0.1:1/contacts").unwrap();
    let error = migrations::up(&url).await.unwrap_err();
    assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_go_on_while_somebody_writes_to_sqlite() {
    let database = SqliteDatabase::new();
    let store = open(database.url()).await;
    let mut work = store.begin().await.unwrap();
    assert!(work.users().lock(nobody()).await.unwrap().is_none());
    assert!(store.users().find(nobody()).await.unwrap().is_none());
    work.rollback().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_does_not_wait_for_a_row_longer_than_its_client() {
    let database = PostgresDatabase::new().await;
    let store = open(database.url()).await;
    let user = contacts_contract::fixtures::user();
    let mut work = store.begin().await.unwrap();
    work.users().insert(&user, &contacts_contract::fixtures::password_hash()).await.unwrap();
    work.commit().await.unwrap();
    let mut holder = store.begin().await.unwrap();
    assert!(holder.users().lock(user.id).await.unwrap().is_some());
    let mut waiting = store.begin().await.unwrap();
    let error = waiting.users().lock(user.id).await.unwrap_err();
    assert!(matches!(error, RepositoryError::Unavailable(_)), "{error:?}");
    holder.rollback().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_go_on_with_another_connection_where_theirs_was_cut() {
    let database = PostgresDatabase::new().await;
    let store = open(database.url()).await;
    assert!(store.users().find(nobody()).await.unwrap().is_none());
    database.cut_connections().await;
    // The first may still find the connection that is just being lost.
    let first = store.users().find(nobody()).await;
    assert!(matches!(first, Ok(None) | Err(RepositoryError::Unavailable(_))), "{first:?}");
    let recovered = async {
        while store.users().find(nobody()).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, recovered).await.expect("reads recover");
}
