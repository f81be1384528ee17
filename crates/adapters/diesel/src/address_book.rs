//! Address books, and the ledger of what was created in each.

use async_trait::async_trait;
use chrono::NaiveDateTime;
use contacts_domain::{
    Timestamp,
    address_book::{AddressBook, Advanced, Numbers},
    creation_quota::Creations,
    ids::{AddressBookId, Epoch, UserId},
    ports::{AddressBookRepository, RepositoryError, RepositoryResult},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    connection::with_conn,
    id::Id,
    schema::{address_books, creations},
    unit_of_work::DieselUnitOfWork,
};

#[async_trait]
impl AddressBookRepository for DieselUnitOfWork {
    async fn insert(&mut self, book: &AddressBook) -> RepositoryResult<()> {
        let AddressBook { id, owner } = *book;
        let row = (
            address_books::id.eq(Id(id.uuid())),
            address_books::owner_id.eq(Id(owner.uuid())),
            address_books::seq.eq(0),
        );
        with_conn!(&mut self.connection, |c| diesel::insert_into(address_books::table).values(row).execute(c))?;
        Ok(())
    }

    async fn advance(&mut self, owner: UserId, numbers: Numbers) -> RepositoryResult<Option<Advanced>> {
        let Numbers { changes, creations } = numbers;
        let next = diesel::update(address_books::table.filter(address_books::owner_id.eq(Id(owner.uuid()))))
            .set((
                address_books::seq.eq(address_books::seq + i64::from(changes)),
                address_books::creations.eq(address_books::creations + i64::from(creations)),
            ))
            .returning((address_books::id, address_books::seq, address_books::creations));
        let row: Option<(Id, i64, i64)> =
            with_conn!(&mut self.connection, |c| async { next.get_result(c).await.optional() })?;
        Ok(row.map(|(id, last_change, creations)| {
            let book = AddressBook { id: AddressBookId::new(id.0), owner };
            Advanced { book, last_change, creations }
        }))
    }

    async fn begin_histories(&mut self, epoch: Epoch) -> RepositoryResult<u64> {
        let begin = diesel::update(address_books::table).set(address_books::epoch.eq(Some(Id(epoch.uuid()))));
        let rows = with_conn!(&mut self.connection, |c| begin.execute(c))?;
        Ok(rows as u64)
    }

    async fn find_creations(&mut self, book: &AddressBook, number: i64) -> RepositoryResult<Option<Creations>> {
        let query = creations::table
            .filter(creations::address_book_id.eq(Id(book.id.uuid())))
            .filter(creations::last.ge(number))
            .order_by(creations::last)
            .select((creations::last, creations::count, creations::at));
        let row: Option<(i64, i32, NaiveDateTime)> =
            with_conn!(&mut self.connection, |c| async { query.first(c).await.optional() })?;
        let Some((last, count, at)) = row else { return Ok(None) };
        let count = u32::try_from(count)
            .map_err(|_| RepositoryError::Inconsistent(format!("address book {}: a negative count", book.id)))?;
        // The next line may begin behind the number, whose own line was purged.
        Ok(Some(Creations { last, count, at: at.and_utc() }).filter(|line| line.contain(number)))
    }

    async fn record_creations(&mut self, book: &AddressBook, creations: &Creations) -> RepositoryResult<()> {
        let Creations { last, count, at } = *creations;
        let count = i32::try_from(count).map_err(|error| RepositoryError::Backend(error.into()))?;
        let row = (
            creations::address_book_id.eq(Id(book.id.uuid())),
            creations::last.eq(last),
            creations::count.eq(count),
            creations::at.eq(at.naive_utc()),
        );
        with_conn!(&mut self.connection, |c| diesel::insert_into(creations::table).values(row).execute(c))?;
        Ok(())
    }

    async fn purge_creations(&mut self, before: Timestamp) -> RepositoryResult<u64> {
        let purge = diesel::delete(creations::table.filter(creations::at.lt(before.naive_utc())));
        let rows = with_conn!(&mut self.connection, |c| purge.execute(c))?;
        Ok(rows as u64)
    }
}
