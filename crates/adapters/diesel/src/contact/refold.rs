//! Folding anew what was folded by older rules: SQL cannot fold, so that no migration can do it.

use contacts_domain::{
    address_book::Numbers,
    contact::Contact,
    folding::FOLD_VERSION,
    ids::UserId,
    ports::{AddressBookRepository, RepositoryResult, UnitOfWork},
};
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use diesel_async::RunQueryDsl;

use super::row::{ContactRow, SearchedRow};
use crate::{connection::with_conn, database::Database, id::Id, schema::contacts, unit_of_work::DieselUnitOfWork};

/// How many contacts are folded in one transaction, which keeps their owner from writing.
const AT_ONCE: i64 = 500;

/// Folds anew all contacts that were folded by older rules, those in the trash too; how many there were. Where it is
/// interrupted, the next run goes on.
pub(crate) async fn refold(database: &Database) -> RepositoryResult<u64> {
    let mut folded = 0;
    loop {
        let mut transaction = database.begin_own().await?;
        let Some(owner) = an_owner(&mut transaction).await? else { return Ok(folded) };
        // A writer locks the book first as well, so that neither waits for the other.
        transaction.advance(owner, Numbers { changes: 0, creations: 0 }).await?;
        folded += some_of(&mut transaction, owner).await?;
        Box::new(transaction).commit().await?;
    }
}

/// What is folded by older rules. The version is no parameter, so that a partial index can be used.
macro_rules! outdated {
    () => {
        contacts::table.filter(sql::<Bool>(&format!("fold_version < {FOLD_VERSION} AND NOT purged")))
    };
}

async fn an_owner(transaction: &mut DieselUnitOfWork) -> RepositoryResult<Option<UserId>> {
    let query = outdated!().order_by((contacts::owner_id, contacts::id)).select(contacts::owner_id);
    let owner: Option<Id> = with_conn!(&mut transaction.connection, |c| async { query.first(c).await.optional() })?;
    Ok(owner.map(|owner| UserId::new(owner.0)))
}

async fn some_of(transaction: &mut DieselUnitOfWork, owner: UserId) -> RepositoryResult<u64> {
    let query = outdated!().filter(contacts::owner_id.eq(Id(owner.uuid()))).order_by(contacts::id).limit(AT_ONCE);
    let rows: Vec<ContactRow> =
        with_conn!(&mut transaction.connection, |c| query.select(ContactRow::as_select()).load(c))?;
    let count = rows.len() as u64;
    for row in rows {
        let contact = Contact::try_from(row)?;
        let fold =
            diesel::update(contacts::table.find(Id(contact.id.uuid()))).set(SearchedRow::new(owner, &contact.details));
        with_conn!(&mut transaction.connection, |c| fold.execute(c))?;
    }
    Ok(count)
}
