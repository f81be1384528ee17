//! An archive is one moment of a database that is written meanwhile.

use std::sync::{Arc, mpsc};

use contacts_contract::{
    fixtures::{at, contact},
    store::{
        Store,
        steps::{find, find_user, insert, registered},
    },
};
use contacts_diesel::{
    backup::{Progress, dump},
    migrations,
};

use super::tools::AnyDatabase;

/// Stops the archive where the users are in it and nothing else is, and has others write meanwhile.
async fn what_is_written_meanwhile_is_not_torn(database: AnyDatabase, target: AnyDatabase) {
    migrations::up(&database.url()).await.unwrap();
    let store: Store = Arc::new(database.open().await);
    let ada = registered(&store).await;
    let before = contact().first("Before").of(ada.id);
    insert(&store, std::slice::from_ref(&before)).await;

    let (users_are_done, wait_for_users) = mpsc::channel();
    let (go_on, wait) = mpsc::channel::<()>();
    let progress: Progress = Box::new(move |table, _| {
        if table == "users" {
            users_are_done.send(()).unwrap();
            wait.recv().unwrap();
        }
    });
    let url = database.url();
    let dumping = tokio::spawn(async move { dump(&url, at(0), Vec::new(), progress).await });
    tokio::task::spawn_blocking(move || wait_for_users.recv().unwrap()).await.unwrap();
    // Nobody waits for the archive.
    let meanwhile = contact().first("Meanwhile").of(ada.id);
    insert(&store, std::slice::from_ref(&meanwhile)).await;
    let newcomer = registered(&store).await;
    insert(&store, &[contact().first("Of somebody new").of(newcomer.id)]).await;
    go_on.send(()).unwrap();
    let (archive, _) = dumping.await.unwrap().unwrap();

    target.restore(&archive).await.unwrap();
    let restored: Store = Arc::new(target.open().await);
    assert!(find(&restored, ada.id, before.id).await.is_some());
    assert_eq!(find(&restored, ada.id, meanwhile.id).await, None);
    assert_eq!(find_user(&restored, newcomer.id).await, None);
    assert_eq!(target.lines("SELECT CAST(seq AS TEXT) AS line FROM address_books").await, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_sqlite_is_one_moment() {
    what_is_written_meanwhile_is_not_torn(AnyDatabase::sqlite(), AnyDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_postgres_is_one_moment() {
    what_is_written_meanwhile_is_not_torn(AnyDatabase::postgres().await, AnyDatabase::postgres().await).await;
}
