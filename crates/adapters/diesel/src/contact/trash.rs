//! The trash: tombstones that have their details.

use chrono::{DateTime, NaiveDateTime};
use contacts_domain::{
    Timestamp,
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

use super::{reader::one_more, row::ContactRow};
use crate::{
    connection::{Conn, with_conn},
    id::Id,
    schema::{address_books, contact_labels, contacts},
};

/// What is in the trash of anybody.
macro_rules! trashed_contacts {
    () => {
        contacts::table.filter(contacts::deleted_at.is_not_null()).filter(diesel::dsl::not(contacts::purged))
    };
}

/// Nothing of a contact but that it was there.
macro_rules! stripped {
    () => {
        (
            contacts::purged.eq(true),
            contacts::first_name.eq(None::<String>),
            contacts::last_name.eq(None::<String>),
            contacts::email.eq(None::<String>),
            contacts::phone.eq(None::<String>),
            contacts::phone_e164.eq(None::<String>),
            contacts::birthday_year.eq(None::<i16>),
            contacts::birthday_month_day.eq(None::<i16>),
            contacts::additional_data.eq(None::<String>),
            contacts::labels.eq("[]"),
            (
                contacts::first_name_key.eq(""),
                contacts::last_name_key.eq(""),
                contacts::email_key.eq(""),
                contacts::search_text.eq(""),
                contacts::note_words.eq(""),
                contacts::phone_digits.eq(""),
                contacts::search_terms.eq(""),
            ),
        )
    };
}

pub(super) async fn list(
    connection: &mut Conn,
    owner: UserId,
    query: &TrashQuery,
) -> RepositoryResult<Slice<TrashedContact>> {
    let (before, id) = bounds(query.after.as_ref());
    let page = trashed_contacts!()
        .filter(contacts::owner_id.eq(Id(owner.uuid())))
        // The first comparison is one that an index can use.
        .filter(contacts::deleted_at.le(before))
        .filter(contacts::deleted_at.lt(before).or(contacts::id.gt(id)))
        .order_by((contacts::deleted_at.desc(), contacts::id))
        .limit(one_more(query.limit));
    let mut rows: Vec<(ContactRow, Option<NaiveDateTime>)> =
        with_conn!(connection, |c| page.select((ContactRow::as_select(), contacts::deleted_at)).load(c))?;
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

pub(super) async fn empty(connection: &mut Conn, owner: UserId) -> RepositoryResult<u64> {
    let strip = diesel::update(trashed_contacts!().filter(contacts::owner_id.eq(Id(owner.uuid()))))
        .set(stripped!())
        .returning(contacts::id);
    let ids: Vec<Id> = with_conn!(connection, |c| strip.get_results(c))?;
    forget_labels(connection, ids).await
}

pub(super) async fn purge(connection: &mut Conn, before: Timestamp, limit: u32) -> RepositoryResult<u64> {
    let old = trashed_contacts!()
        .filter(contacts::deleted_at.lt(before.naive_utc()))
        .order_by(contacts::deleted_at)
        .limit(limit.into())
        .select(contacts::id);
    let ids: Vec<Id> = with_conn!(connection, |c| old.load(c))?;
    // Some may have been restored meanwhile.
    let strip =
        diesel::update(trashed_contacts!().filter(contacts::id.eq_any(ids))).set(stripped!()).returning(contacts::id);
    let ids: Vec<Id> = with_conn!(connection, |c| strip.get_results(c))?;
    forget_labels(connection, ids).await
}

/// Deletes the labels of contacts that were stripped; how many contacts there were.
async fn forget_labels(connection: &mut Conn, ids: Vec<Id>) -> RepositoryResult<u64> {
    let count = ids.len() as u64;
    // SQLite has a bound on how many values a statement may hold.
    for some in ids.chunks(1000) {
        let delete = diesel::delete(contact_labels::table.filter(contact_labels::contact_id.eq_any(some)));
        with_conn!(connection, |c| delete.execute(c))?;
    }
    Ok(count)
}

pub(super) async fn forget_tombstones(connection: &mut Conn, before: Timestamp, limit: u32) -> RepositoryResult<u64> {
    let old = contacts::table
        .filter(contacts::purged)
        .filter(contacts::deleted_at.lt(before.naive_utc()))
        .order_by(contacts::deleted_at)
        .limit(limit.into())
        .select((contacts::address_book_id, contacts::seq, contacts::id));
    let mut rows: Vec<(Id, i64, Id)> = with_conn!(connection, |c| old.load(c))?;
    // Of each book the highest number comes last; the books in one order, so that nobody waits for the other.
    rows.sort_unstable_by_key(|(book, seq, _)| (book.0, *seq));
    for (index, (book, seq, _)) in rows.iter().enumerate() {
        if rows.get(index + 1).is_some_and(|(next, _, _)| next == book) {
            continue;
        }
        // Before they are gone: whoever reads the history after the changes sees it then.
        let forget = diesel::update(address_books::table.find(*book).filter(address_books::forgotten.lt(*seq)))
            .set(address_books::forgotten.eq(*seq));
        with_conn!(connection, |c| forget.execute(c))?;
    }
    let ids: Vec<Id> = rows.into_iter().map(|(_, _, id)| id).collect();
    let delete = diesel::delete(contacts::table.filter(contacts::purged).filter(contacts::id.eq_any(ids)));
    let rows = with_conn!(connection, |c| delete.execute(c))?;
    Ok(rows as u64)
}
