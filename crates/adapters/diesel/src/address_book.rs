//! Address books.

use async_trait::async_trait;
use contacts_domain::{
    address_book::{AddressBook, ChangeStamp},
    ids::{AddressBookId, UserId},
    ports::{AddressBookRepository, RepositoryResult},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{connection::with_conn, id::Id, schema::address_books, unit_of_work::DieselUnitOfWork};

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

    async fn advance(&mut self, owner: UserId) -> RepositoryResult<Option<ChangeStamp>> {
        let next = diesel::update(address_books::table.filter(address_books::owner_id.eq(Id(owner.uuid()))))
            .set(address_books::seq.eq(address_books::seq + 1))
            .returning((address_books::id, address_books::seq));
        let row: Option<(Id, i64)> =
            with_conn!(&mut self.connection, |c| async { next.get_result(c).await.optional() })?;
        Ok(row.map(|(id, seq)| ChangeStamp { book: AddressBook { id: AddressBookId::new(id.0), owner }, seq }))
    }
}
