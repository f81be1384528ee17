//! SQLite: what the search index leaves for later is done while nobody writes.

use std::{path::Path, sync::Arc, time::Duration};

use contacts_contract::{
    fixtures::contact,
    store::{
        Store,
        steps::{insert, list, registered},
    },
};
use contacts_domain::contact_query::ContactListRequest;
use diesel::{Connection, RunQueryDsl, SqliteConnection, dsl::sql, select, sql_types::BigInt};

use crate::databases::{SqliteDatabase, open};

/// In how many places a search looks.
fn segments(database: &Path) -> i64 {
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    let count = sql::<BigInt>("(SELECT count(DISTINCT segid) FROM search_index_idx)");
    select(count).get_result(&mut connection).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_index_is_merged_while_nobody_writes() {
    let database = SqliteDatabase::new();
    let store: Store = Arc::new(open(database.url()).await);
    let owner = registered(&store).await.id;
    // As many as are not merged by the writes themselves.
    for number in 0..7 {
        insert(&store, &[contact().first(&format!("Grace{number}")).of(owner)]).await;
    }
    let merged = async {
        while segments(&database.path()) > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), merged).await.unwrap();
    let search = ContactListRequest { q: Some("grace".to_owned()), ..ContactListRequest::default() };
    assert_eq!(list(&store, owner, search).await.len(), 7);
}
