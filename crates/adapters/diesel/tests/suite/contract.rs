//! Both databases keep what the port promises.

use std::sync::Arc;

use contacts_contract::{Subject, store::Store};

use crate::databases::{PostgresDatabase, SqliteDatabase, open};

mod sqlite {
    use super::*;

    async fn fresh_store() -> Subject<Store> {
        let database = SqliteDatabase::new();
        Subject::new(Arc::new(open(database.url()).await), database)
    }

    contacts_contract::store_suite!(fresh_store);
}

mod postgres {
    use super::*;

    async fn fresh_store() -> Subject<Store> {
        let database = PostgresDatabase::new().await;
        Subject::new(Arc::new(open(database.url()).await), database)
    }

    contacts_contract::store_suite!(fresh_store);
}
