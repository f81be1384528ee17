//! Contacts that were written before the search knew of them are found after an upgrade.

use std::sync::Arc;

use contacts_contract::{
    fixtures::contact,
    store::{
        Store,
        steps::{delete, find, insert, list, names, registered, restore},
    },
};
use contacts_diesel::{
    Database, DatabaseConfig, DatabaseUrl,
    migrations::{down, up},
};
use contacts_domain::contact_query::ContactListRequest;

use crate::databases::{PostgresDatabase, SqliteDatabase, open};

fn search(words: &str) -> ContactListRequest {
    ContactListRequest { q: Some(words.to_owned()), ..ContactListRequest::default() }
}

async fn contacts_of_before_are_found_after_an_upgrade(url: DatabaseUrl) {
    let store: Store = Arc::new(open(url.clone()).await);
    let (ada, bo) = (registered(&store).await.id, registered(&store).await.id);
    // More than are folded in one transaction.
    let crowd: Vec<_> =
        (0..501).map(|number| contact().first(&format!("Grace{number}")).notes("navy").of(ada)).collect();
    insert(&store, &crowd).await;
    let of_bo = contact().first("Bo").labels(&["Chess"]).of(bo);
    insert(&store, std::slice::from_ref(&of_bo)).await;
    assert!(delete(&store, ada, crowd[7].id).await);
    let before = find(&store, ada, crowd[8].id).await;
    drop(store);

    // The schema as it was before there was an index.
    while down(&url, 1).await.unwrap() != ["00000000000006_search"] {}
    up(&url).await.unwrap();

    let config = DatabaseConfig { url, pool_size: None };
    let store: Store = Arc::new(Database::connect(&config).await.unwrap());
    assert_eq!(names(&list(&store, ada, search("grace500 nav")).await), ["Grace500"]);
    assert_eq!(names(&list(&store, bo, search("hess")).await), ["Bo"]);
    assert_eq!(names(&list(&store, ada, search("grace7")).await).len(), 10, "70 to 79");
    assert_eq!(find(&store, ada, crowd[8].id).await, before, "for a client nothing has changed");
    assert!(restore(&store, ada, crowd[7].id).await.is_some());
    assert_eq!(names(&list(&store, ada, search("grace7")).await).len(), 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_finds_contacts_of_before() {
    let database = SqliteDatabase::new();
    contacts_of_before_are_found_after_an_upgrade(database.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_finds_contacts_of_before() {
    let database = PostgresDatabase::new().await;
    contacts_of_before_are_found_after_an_upgrade(database.url()).await;
}
