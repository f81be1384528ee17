//! Writing contacts, within a transaction.

use async_trait::async_trait;
use contacts_domain::{
    Timestamp,
    address_book::{Advanced, ChangeStamp},
    contact::Contact,
    ids::{ContactId, UserId},
    labels::LabelKey,
    ports::{ContactRepository, RepositoryResult},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    labels, live_contacts, purge, relabel,
    row::{ContactRow, DetailsRow},
    trash,
};
use crate::{connection::with_conn, id::Id, schema::contacts, unit_of_work::DieselUnitOfWork};

#[async_trait]
impl ContactRepository for DieselUnitOfWork {
    async fn find(&mut self, owner: UserId, id: ContactId) -> RepositoryResult<Option<Contact>> {
        let query = live_contacts!(owner).filter(contacts::id.eq(Id(id.uuid())));
        let row: Option<ContactRow> = with_conn!(&mut self.connection, |c| async {
            query.select(ContactRow::as_select()).first(c).await.optional()
        })?;
        row.map(Contact::try_from).transpose()
    }

    async fn insert(&mut self, contact: &Contact, stamp: &ChangeStamp) -> RepositoryResult<()> {
        let row = (
            contacts::id.eq(Id(contact.id.uuid())),
            contacts::owner_id.eq(Id(stamp.book.owner.uuid())),
            contacts::address_book_id.eq(Id(stamp.book.id.uuid())),
            contacts::created_at.eq(contact.created_at.naive_utc()),
            DetailsRow::new(contact, stamp.seq),
        );
        with_conn!(&mut self.connection, |c| diesel::insert_into(contacts::table).values(row).execute(c))?;
        labels::insert(&mut self.connection, [contact]).await
    }

    async fn update(&mut self, contact: &Contact, stamp: &ChangeStamp) -> RepositoryResult<bool> {
        let update = diesel::update(live_contacts!(stamp.book.owner).filter(contacts::id.eq(Id(contact.id.uuid()))))
            .set(DetailsRow::new(contact, stamp.seq))
            .returning(labels::stored_and_kept!(contact));
        let former = with_conn!(&mut self.connection, |c| async { update.get_result(c).await.optional() })?;
        let Some(former) = former else { return Ok(false) };
        labels::replace(&mut self.connection, contact, former).await?;
        Ok(true)
    }

    async fn delete(&mut self, id: ContactId, at: Timestamp, stamp: &ChangeStamp) -> RepositoryResult<bool> {
        let tombstone = (contacts::deleted_at.eq(at.naive_utc()), contacts::seq.eq(stamp.seq));
        let delete =
            diesel::update(live_contacts!(stamp.book.owner).filter(contacts::id.eq(Id(id.uuid())))).set(tombstone);
        let rows = with_conn!(&mut self.connection, |c| delete.execute(c))?;
        Ok(rows > 0)
    }

    async fn restore(&mut self, id: ContactId, stamp: &ChangeStamp) -> RepositoryResult<Option<Contact>> {
        trash::restore(&mut self.connection, id, stamp).await
    }

    async fn labelled(
        &mut self,
        owner: UserId,
        label: &LabelKey,
        after: Option<ContactId>,
        limit: u32,
    ) -> RepositoryResult<Vec<Contact>> {
        labels::labelled(&mut self.connection, owner, label, after, limit).await
    }

    async fn count_labelled(&mut self, owner: UserId, label: &LabelKey) -> RepositoryResult<u64> {
        labels::count_labelled(&mut self.connection, owner, label).await
    }

    async fn relabel(&mut self, changes: &[(Contact, ChangeStamp)]) -> RepositoryResult<bool> {
        relabel::write(&mut self.connection, changes).await
    }

    async fn empty_trash(&mut self, locked: &Advanced, limit: u32) -> RepositoryResult<u64> {
        purge::empty(&mut self.connection, locked, limit).await
    }

    async fn purge_trash(&mut self, before: Timestamp, limit: u32) -> RepositoryResult<u64> {
        purge::purge(&mut self.connection, before, limit).await
    }

    async fn forget_tombstones(&mut self, before: Timestamp, limit: u32) -> RepositoryResult<u64> {
        purge::forget_tombstones(&mut self.connection, before, limit).await
    }
}
