//! Other labels for many contacts at once.

use chrono::NaiveDateTime;
use contacts_domain::{address_book::ChangeStamp, contact::Contact, ports::RepositoryResult, search::Searchable};
use diesel::{
    backend::Backend,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{BigInt, HasSqlType, Text, Timestamp},
};
use diesel_async::RunQueryDsl;

use super::{labels, row::as_json};
use crate::{
    connection::{Conn, with_conn},
    id::{DbUuid, Id},
    schema::contact_labels,
};

/// What one contact is given.
struct Change {
    id: Id,
    owner: Id,
    labels: String,
    seq: i64,
    updated_at: NaiveDateTime,
    // Labels are searched.
    search_text: String,
    search_terms: String,
}

impl Change {
    fn new((contact, stamp): &(Contact, ChangeStamp)) -> Self {
        let Searchable { text, terms, .. } = Searchable::new(contact.owner, &contact.details);
        Self {
            id: Id(contact.id.uuid()),
            owner: Id(stamp.book.owner.uuid()),
            labels: as_json(&contact.details.labels),
            seq: stamp.seq,
            updated_at: contact.updated_at.naive_utc(),
            search_text: text,
            search_terms: terms,
        }
    }
}

/// Changes that are written by one statement. Diesel knows no update that gives each row values of its own.
struct Changes(Vec<Change>);

impl QueryId for Changes {
    type QueryId = ();
    // The SQL depends on how many there are.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB> QueryFragment<DB> for Changes
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt> + HasSqlType<Timestamp> + HasSqlType<DbUuid>,
    String: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
    NaiveDateTime: ToSql<Timestamp, DB>,
    Id: ToSql<DbUuid, DB>,
{
    /// Both databases number the columns of `VALUES`.
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // A long text, and seldom the same one twice.
        out.unsafe_to_cache_prepared();
        out.push_sql(
            "UPDATE contacts SET labels = column3, seq = column4, updated_at = column5, search_text = column6, \
                search_terms = column7 FROM (VALUES ",
        );
        for (index, Change { id, owner, labels, seq, updated_at, search_text, search_terms }) in
            self.0.iter().enumerate()
        {
            out.push_sql(if index == 0 { "(" } else { ", (" });
            out.push_bind_param::<DbUuid, _>(id)?;
            out.push_sql(", ");
            out.push_bind_param::<DbUuid, _>(owner)?;
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(labels)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(seq)?;
            out.push_sql(", ");
            out.push_bind_param::<Timestamp, _>(updated_at)?;
            for text in [search_text, search_terms] {
                out.push_sql(", ");
                out.push_bind_param::<Text, _>(text)?;
            }
            out.push_sql(")");
        }
        out.push_sql(") AS changes WHERE id = column1 AND owner_id = column2 AND deleted_at IS NULL");
        Ok(())
    }
}

pub(super) async fn write(connection: &mut Conn, changes: &[(Contact, ChangeStamp)]) -> RepositoryResult<bool> {
    if changes.is_empty() {
        return Ok(true);
    }
    let update = Changes(changes.iter().map(Change::new).collect());
    let rows = with_conn!(connection, |c| update.execute(c))?;
    if rows < changes.len() {
        return Ok(false);
    }
    let ids = changes.iter().map(|(contact, _)| Id(contact.id.uuid()));
    let owners = changes.iter().map(|(contact, _)| Id(contact.owner.uuid()));
    let former = contact_labels::table
        .filter(contact_labels::contact_id.eq_any(ids))
        .filter(contact_labels::owner_id.eq_any(owners));
    with_conn!(connection, |c| diesel::delete(former).execute(c))?;
    labels::insert(connection, changes.iter().map(|(contact, _)| contact)).await?;
    Ok(true)
}
