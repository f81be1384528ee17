//! The schema goes up and down on both databases, however many do it at once.

use contacts_diesel::{
    DatabaseUrl,
    migrations::{down, status, up},
};

use crate::databases::{PostgresDatabase, SqliteDatabase};

async fn there_and_back(url: DatabaseUrl) {
    let all = status(&url).await.unwrap();
    assert!(!all.is_empty() && all.iter().all(|migration| !migration.applied));

    let applied = up(&url).await.unwrap();
    assert_eq!(applied, all.iter().map(|migration| migration.name.clone()).collect::<Vec<_>>());
    assert!(status(&url).await.unwrap().iter().all(|migration| migration.applied));
    assert_eq!(up(&url).await.unwrap(), [""; 0], "nothing is applied twice");

    let reverted = down(&url, usize::MAX).await.unwrap();
    assert_eq!(reverted, applied.iter().rev().cloned().collect::<Vec<_>>());
    assert!(status(&url).await.unwrap().iter().all(|migration| !migration.applied));
    assert_eq!(up(&url).await.unwrap(), applied, "what went down comes up again");
    assert_eq!(down(&url, 1).await.unwrap().len(), 1);
}

async fn many_at_once(url: DatabaseUrl) {
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { up(&url).await.unwrap() })
        })
        .collect();
    let mut applied = 0;
    for run in runs {
        applied += run.await.unwrap().len();
    }
    assert_eq!(applied, status(&url).await.unwrap().len(), "each migration ran once");
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_goes_there_and_back() {
    let database = SqliteDatabase::new();
    there_and_back(database.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_goes_there_and_back() {
    let database = PostgresDatabase::new().await;
    there_and_back(database.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_is_migrated_once_by_many() {
    let database = SqliteDatabase::new();
    many_at_once(database.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_migrated_once_by_many() {
    let database = PostgresDatabase::new().await;
    many_at_once(database.url()).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_new_of_sqlite_is_for_its_owner_alone() {
    use std::{os::unix::fs::PermissionsExt, path::Path};

    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let data = folder.path().join("data");
    up(&DatabaseUrl::sqlite(&data.join("contacts.db"))).await.unwrap();
    assert_eq!((mode(&data), mode(&data.join("contacts.db"))), (0o700, 0o600));
    // Also in a folder that everybody may look into.
    let open = folder.path().join("open");
    std::fs::create_dir(&open).unwrap();
    let _store = crate::databases::open(DatabaseUrl::sqlite(&open.join("contacts.db"))).await;
    for name in ["contacts.db", "contacts.db-wal", "contacts.db-shm"] {
        assert_eq!(mode(&open.join(name)), 0o600, "{name}");
    }
}
