//! What goes into an archive comes out of it, on either database.

use std::{collections::BTreeSet, sync::Arc};

use contacts_contract::{
    fixtures::contact,
    store::{
        Store,
        steps::{find, find_user, insert, list, names, registered, restore},
    },
};
use contacts_diesel::{
    backup::TABLES,
    migrations::{self, status},
};
use contacts_domain::contact_query::ContactListRequest;

use super::{
    filled::{Filled, filled},
    tools::AnyDatabase,
};

/// Another history of changes begins with a restore.
const FORGET_HISTORIES: &str = "UPDATE address_books SET epoch = NULL";

fn search(words: &str) -> ContactListRequest {
    ContactListRequest { q: Some(words.to_owned()), ..ContactListRequest::default() }
}

/// From one database through another one into a third, which is of the kind of the first.
async fn all_comes_through(source: AnyDatabase, through: AnyDatabase) {
    let Filled { database, ada, grace, deleted } = filled(source).await;
    let last = database.of_the_same_kind().await;
    let (archive, written) = database.dump().await.unwrap();
    assert!(written.tables.iter().all(|(_, rows)| *rows > 0), "a row in every table: {written:?}");
    assert_eq!(written.tables.len(), TABLES.len());

    assert_eq!(through.restore(&archive).await.unwrap(), written);
    last.restore(&through.archive().await).await.unwrap();
    for database in [&database, &last] {
        database.execute(FORGET_HISTORIES).await;
    }
    assert_eq!(last.content().await, database.content().await);

    let before: Store = Arc::new(database.open().await);
    for restored in [&through, &last] {
        let store: Store = Arc::new(restored.open().await);
        assert!(find(&store, ada.id, grace.id).await.is_some());
        assert_eq!(find(&store, ada.id, grace.id).await, find(&before, ada.id, grace.id).await);
        assert_eq!(find_user(&store, ada.id).await.as_ref(), Some(&ada));
        for words in ["hopper", "opp", "navy", "cobol", "lovelace", "夏目"] {
            let [found, expected] =
                [list(&store, ada.id, search(words)).await, list(&before, ada.id, search(words)).await];
            assert!(!expected.is_empty(), "{words}");
            assert_eq!(names(&found), names(&expected), "{words}");
        }
        assert!(restore(&store, ada.id, deleted.id).await.is_some(), "the trash came, too");
        assert_eq!(names(&list(&store, ada.id, search("gone")).await), ["Gone"]);
        // What is written afterwards is found, too: the index of SQLite counts on.
        insert(&store, &[contact().first("Afterwards").of(ada.id)]).await;
        assert_eq!(names(&list(&store, ada.id, search("afterw")).await), ["Afterwards"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_comes_back_from_its_archive() {
    all_comes_through(AnyDatabase::sqlite(), AnyDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_comes_back_from_its_archive() {
    all_comes_through(AnyDatabase::postgres().await, AnyDatabase::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_moves_to_postgres_and_back() {
    all_comes_through(AnyDatabase::sqlite(), AnyDatabase::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_moves_to_sqlite_and_back() {
    all_comes_through(AnyDatabase::postgres().await, AnyDatabase::sqlite()).await;
}

/// Whoever adds a table adds it to the archive.
#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_in_an_archive() {
    let (postgres, sqlite) = (AnyDatabase::postgres().await, AnyDatabase::sqlite());
    let of_postgres = "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = current_schema()";
    let of_sqlite = "SELECT name AS line FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search_%'";
    let archived: BTreeSet<_> = TABLES.into_iter().chain(["__diesel_schema_migrations"]).map(str::to_owned).collect();
    for (database, query) in [(postgres, of_postgres), (sqlite, of_sqlite)] {
        migrations::up(&database.url()).await.unwrap();
        assert_eq!(database.lines(query).await.into_iter().collect::<BTreeSet<_>>(), archived);
    }
}

async fn an_archive_of_an_older_release_is_migrated(source: AnyDatabase, target: AnyDatabase) {
    let Filled { database, ada, .. } = filled(source).await;
    // As it was before there was an index to search in.
    while migrations::down(&database.url(), 1).await.unwrap() != ["00000000000006_search"] {}
    let (archive, summary) = database.dump().await.unwrap();
    assert_eq!(summary.header.schema, "00000000000005");
    target.restore(&archive).await.unwrap();
    assert!(status(&target.url()).await.unwrap().iter().all(|migration| migration.applied));
    let store: Store = Arc::new(target.open().await);
    assert_eq!(names(&list(&store, ada.id, search("hopper navy")).await), ["Grace Hopper"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_takes_an_archive_of_an_older_release() {
    an_archive_of_an_older_release_is_migrated(AnyDatabase::postgres().await, AnyDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_takes_an_archive_of_an_older_release() {
    an_archive_of_an_older_release_is_migrated(AnyDatabase::sqlite(), AnyDatabase::postgres().await).await;
}

/// The tables are emptied, brought back to those of the archive, and brought up to date.
async fn what_is_there_is_replaced_by_an_older_archive(target: AnyDatabase) {
    let Filled { database, ada, .. } = filled(target.of_the_same_kind().await).await;
    migrations::down(&database.url(), usize::MAX).await.unwrap();
    let migrated = status(&database.url()).await.unwrap();
    assert!(migrated.iter().all(|migration| !migration.applied));
    assert!(database.dump().await.unwrap_err().to_string().contains("no tables"));
    migrations::up(&database.url()).await.unwrap();
    while migrations::down(&database.url(), 1).await.unwrap() != ["00000000000004_idempotency"] {}
    let archive = database.archive().await;

    let Filled { database: target, .. } = filled(target).await;
    let summary = target.replace(&archive).await.unwrap();
    assert_eq!((summary.header.schema.as_str(), summary.rows(), summary.tables.len()), ("00000000000003", 0, 10));
    let store: Store = Arc::new(target.open().await);
    assert_eq!(find_user(&store, ada.id).await, None);
    let newcomer = registered(&store).await;
    assert_eq!(find_user(&store, newcomer.id).await, Some(newcomer));
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_is_replaced_by_an_older_archive() {
    what_is_there_is_replaced_by_an_older_archive(AnyDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_replaced_by_an_older_archive() {
    what_is_there_is_replaced_by_an_older_archive(AnyDatabase::postgres().await).await;
}
