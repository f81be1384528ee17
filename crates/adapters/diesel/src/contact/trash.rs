//! The trash: tombstones that have their details. [`purge`](super::purge) is what becomes of it.

use chrono::{DateTime, NaiveDateTime};
use contacts_domain::{
    address_book::ChangeStamp,
    contact::Contact,
    cursor::{KeyValue, Position},
    ids::{ContactId, UserId},
    page::Slice,
    ports::{RepositoryError, RepositoryResult},
    trash::{TrashQuery, TrashedContact},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    reader::one_more,
    row::{ContactColumns, ContactRow},
};
use crate::{
    connection::{Conn, with_conn},
    id::Id,
    reader::{Reader, read},
    schema::contacts,
};

/// What is in the trash of anybody.
macro_rules! trashed_contacts {
    () => {
        contacts::table.filter(contacts::deleted_at.is_not_null()).filter(diesel::dsl::not(contacts::purged))
    };
}
pub(super) use trashed_contacts;

pub(super) async fn list(
    reader: &Reader,
    owner: UserId,
    query: &TrashQuery,
) -> RepositoryResult<Slice<TrashedContact>> {
    let (before, id) = bounds(query.after.as_ref());
    let page = trashed_contacts!()
        .filter(contacts::owner_id.eq(Id(owner.uuid())))
        // The first comparison is one that an index can use. The second is none on purpose: a planner that could
        // use an index for either side of the `OR` would join the two, and sort what it found.
        .filter(contacts::deleted_at.le(before))
        .filter(contacts::deleted_at.ne(before).or(contacts::id.gt(id)))
        .order_by((contacts::deleted_at.desc(), contacts::id))
        .limit(one_more(query.limit).into());
    let mut rows: Vec<(ContactRow, Option<NaiveDateTime>)> =
        read!(reader, load page.select((ContactColumns, contacts::deleted_at)))?;
    let more = rows.len() > usize::from(query.limit.get());
    rows.truncate(query.limit.get().into());
    let items = rows.into_iter().map(trashed).collect::<RepositoryResult<Vec<_>>>()?;
    let next = items.last().filter(|_| more).map(TrashedContact::position);
    Ok(Slice { items, next })
}

/// Later than any deletion, where the list begins.
fn bounds(after: Option<&Position>) -> (NaiveDateTime, Id) {
    let time = after.and_then(|position| match position.keys.as_slice().first() {
        Some(KeyValue::Time(time)) => Some(time.naive_utc()),
        Some(KeyValue::Text(_) | KeyValue::Integer(_)) | None => None,
    });
    let end_of_time = || DateTime::from_timestamp(253_402_300_799, 0).unwrap_or_default().naive_utc();
    (time.unwrap_or_else(end_of_time), Id(after.map_or(Uuid::nil(), |position| position.id.uuid())))
}

fn trashed((row, deleted_at): (ContactRow, Option<NaiveDateTime>)) -> RepositoryResult<TrashedContact> {
    let contact = Contact::try_from(row)?;
    let deleted_at = deleted_at.ok_or_else(|| RepositoryError::Inconsistent("a deletion without its time".into()))?;
    Ok(TrashedContact { contact, deleted_at: deleted_at.and_utc() })
}

pub(super) async fn restore(
    connection: &mut Conn,
    id: ContactId,
    stamp: &ChangeStamp,
) -> RepositoryResult<Option<Contact>> {
    let restore = diesel::update(
        trashed_contacts!()
            .filter(contacts::owner_id.eq(Id(stamp.book.owner.uuid())))
            .filter(contacts::id.eq(Id(id.uuid()))),
    )
    .set((contacts::deleted_at.eq(None::<NaiveDateTime>), contacts::seq.eq(stamp.seq)));
    let row: Option<ContactRow> = with_conn!(connection, |c| async {
        restore.returning(ContactRow::as_returning()).get_result(c).await.optional()
    })?;
    row.map(Contact::try_from).transpose()
}
