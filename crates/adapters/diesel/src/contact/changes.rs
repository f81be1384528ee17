//! The changes feed.

use chrono::NaiveDateTime;
use contacts_domain::{
    change_feed::{Change, Changes, ChangesLimit, History},
    contact::Contact,
    ids::{ContactId, Epoch, UserId},
    ports::RepositoryResult,
};
use diesel::{prelude::*, sql_types::Bool};

use super::row::{ContactColumns, ContactRow};
use crate::{
    id::Id,
    reader::{Reader, read},
    schema::{address_books, contacts},
};

/// A contact, and when it was deleted where it was.
type ChangeRow = (Id, i64, Option<NaiveDateTime>, ContactRow);

pub(super) async fn read(
    reader: &Reader,
    owner: UserId,
    since: Option<i64>,
    limit: ChangesLimit,
) -> RepositoryResult<Option<Changes>> {
    let deletions = since.is_some().into_sql::<Bool>();
    let query = contacts::table
        .filter(contacts::owner_id.eq(Id(owner.uuid())))
        .filter(contacts::seq.gt(since.unwrap_or(0)))
        .filter(contacts::deleted_at.is_null().or(deletions))
        .order_by(contacts::seq)
        .limit(i64::from(limit.get()) + 1);
    let mut rows: Vec<ChangeRow> = read!(
        reader,
        load query.select((contacts::id, contacts::seq, contacts::deleted_at, ContactColumns))
    )?;
    // The history after the changes: a tombstone that is forgotten in between is said to be forgotten.
    let Some(history) = history(reader, owner).await? else { return Ok(None) };
    let more = rows.len() > usize::from(limit.get());
    rows.truncate(limit.get().into());
    let items = rows.into_iter().map(change).collect::<RepositoryResult<Vec<_>>>()?;
    Ok(Some(Changes { items, more, history }))
}

fn change((id, seq, deleted_at, row): ChangeRow) -> RepositoryResult<Change> {
    let contact = match deleted_at {
        Some(_) => None,
        None => Some(Contact::try_from(row)?),
    };
    Ok(Change { id: ContactId::new(id.0), seq, contact })
}

async fn history(reader: &Reader, owner: UserId) -> RepositoryResult<Option<History>> {
    let query = address_books::table.filter(address_books::owner_id.eq(Id(owner.uuid()))).select((
        address_books::id,
        address_books::epoch,
        address_books::seq,
        address_books::forgotten,
    ));
    let row: Option<(Id, Option<Id>, i64, i64)> = read!(reader, optional query)?;
    Ok(row.map(|(id, epoch, newest, forgotten)| History {
        epoch: Epoch::new(epoch.unwrap_or(id).0),
        newest,
        forgotten,
    }))
}
