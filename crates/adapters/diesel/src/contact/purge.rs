//! What becomes of the trash: first the details go, and much later the tombstones.
//!
//! Whoever writes a contact has locked its address book; so have these. They look without a lock for what has had its
//! time, lock the books in the order of their ids, and ask once more in each statement that writes: some may have been
//! restored meanwhile, or somebody else was faster.

use std::collections::BTreeMap;

use contacts_domain::{Timestamp, address_book::Advanced, ports::RepositoryResult};
use diesel::{dsl::case_when, prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::trash::trashed_contacts;
use crate::{
    connection::{Conn, with_conn},
    id::Id,
    schema::{address_books, contact_labels, contacts},
};

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

/// Takes the details, and the labels, of all contacts that a query selects; how many there were. Their address books
/// are locked. A macro, for the type of a query has no short name.
macro_rules! strip {
    ($connection:expr, $contacts:expr) => {{
        let labels = contact_labels::table.filter(contact_labels::contact_id.eq_any($contacts.select(contacts::id)));
        with_conn!($connection, |c| diesel::delete(labels).execute(c))?;
        let strip = diesel::update($contacts).set(stripped!());
        let rows = with_conn!($connection, |c| strip.execute(c))?;
        Ok(rows as u64)
    }};
}

pub(super) async fn empty(connection: &mut Conn, locked: &Advanced, limit: u32) -> RepositoryResult<u64> {
    let trash = || trashed_contacts!().filter(contacts::owner_id.eq(Id(locked.book.owner.uuid())));
    let chosen = trash().order_by((contacts::deleted_at.desc(), contacts::id)).limit(limit.into()).select(contacts::id);
    let ids: Vec<Id> = with_conn!(connection, |c| chosen.load(c))?;
    strip!(connection, trash().filter(contacts::id.eq_any(&ids)))
}

pub(super) async fn purge(connection: &mut Conn, before: Timestamp, limit: u32) -> RepositoryResult<u64> {
    let old = || trashed_contacts!().filter(contacts::deleted_at.lt(before.naive_utc()));
    let chosen =
        old().order_by(contacts::deleted_at).limit(limit.into()).select((contacts::address_book_id, contacts::id));
    let rows: Vec<(Id, Id)> = with_conn!(connection, |c| chosen.load(c))?;
    let (mut books, ids): (Vec<Id>, Vec<Id>) = rows.into_iter().unzip();
    books.sort_unstable_by_key(|book| book.0);
    books.dedup_by_key(|book| book.0);
    for book in books {
        // The update changes nothing, and is the lock: both databases have it.
        let lock = diesel::update(address_books::table.find(book)).set(address_books::seq.eq(address_books::seq));
        with_conn!(connection, |c| lock.execute(c))?;
    }
    strip!(connection, old().filter(contacts::id.eq_any(&ids)))
}

pub(super) async fn forget_tombstones(connection: &mut Conn, before: Timestamp, limit: u32) -> RepositoryResult<u64> {
    let old = || contacts::table.filter(contacts::purged).filter(contacts::deleted_at.lt(before.naive_utc()));
    let chosen = old().order_by(contacts::deleted_at).limit(limit.into()).select((
        contacts::address_book_id,
        contacts::seq,
        contacts::id,
    ));
    let rows: Vec<(Id, i64, Id)> = with_conn!(connection, |c| chosen.load(c))?;
    // Of each book the highest number; the books in the order of their ids.
    let (mut books, mut ids) = (BTreeMap::<Uuid, i64>::new(), Vec::new());
    for (book, seq, id) in rows {
        let newest = books.entry(book.0).or_insert(seq);
        *newest = seq.max(*newest);
        ids.push(id);
    }
    for (book, newest) in books {
        // Before they are gone: whoever reads the history after the changes sees it then. It is the lock of the book
        // too, so that it is written even where more is forgotten already.
        let forgotten = case_when(address_books::forgotten.lt(newest), newest.into_sql::<BigInt>())
            .otherwise(address_books::forgotten);
        let say = diesel::update(address_books::table.find(Id(book))).set(address_books::forgotten.eq(forgotten));
        with_conn!(connection, |c| say.execute(c))?;
    }
    let forget = diesel::delete(old().filter(contacts::id.eq_any(ids)));
    let rows = with_conn!(connection, |c| forget.execute(c))?;
    Ok(rows as u64)
}
