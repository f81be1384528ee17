//! Labels: a table of its own says which contacts have which.

use contacts_domain::{
    contact::Contact,
    ids::{ContactId, UserId},
    labels::{Label, LabelCount, LabelKey, Labels},
    ports::{RepositoryError, RepositoryResult},
};
use diesel::{
    backend::Backend,
    dsl::{count_star, min},
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{HasSqlType, Text},
};
use diesel_async::RunQueryDsl;

use super::{after_id, row::ContactRow};
use crate::{
    connection::{Conn, with_conn},
    id::{DbUuid, Id},
    reader::{Reader, read},
    schema::{contact_labels, contacts},
};

/// The most rows that one statement writes: SQLite has a bound on how many values it may hold.
const ROWS: usize = 1000;

/// Rows that are written by one statement.
struct InsertLabels<'a>(&'a [LabelRow]);

struct LabelRow {
    owner: Id,
    key: String,
    contact: Id,
    label: String,
}

impl QueryId for InsertLabels<'_> {
    type QueryId = ();
    // The SQL depends on how many there are.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB> QueryFragment<DB> for InsertLabels<'_>
where
    DB: Backend + HasSqlType<Text> + HasSqlType<DbUuid>,
    String: ToSql<Text, DB>,
    Id: ToSql<DbUuid, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // Longer ones are seldom the same twice.
        if self.0.len() > Labels::MAX {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql("INSERT INTO contact_labels (owner_id, label_key, contact_id, label) VALUES ");
        for (index, LabelRow { owner, key, contact, label }) in self.0.iter().enumerate() {
            out.push_sql(if index == 0 { "(" } else { ", (" });
            out.push_bind_param::<DbUuid, _>(owner)?;
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(key)?;
            out.push_sql(", ");
            out.push_bind_param::<DbUuid, _>(contact)?;
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(label)?;
            out.push_sql(")");
        }
        Ok(())
    }
}

/// Writes the labels of contacts that have none yet.
pub(super) async fn insert(
    connection: &mut Conn,
    contacts: impl IntoIterator<Item = &Contact>,
) -> RepositoryResult<()> {
    let rows_of = |contact: &Contact| {
        let (owner, contact, labels) = (Id(contact.owner.uuid()), Id(contact.id.uuid()), &contact.details.labels);
        let row = move |label: &Label| {
            let (key, label) = (label.key().as_str().to_owned(), label.as_str().to_owned());
            LabelRow { owner, key, contact, label }
        };
        labels.as_slice().iter().map(row).collect::<Vec<_>>()
    };
    let rows: Vec<LabelRow> = contacts.into_iter().flat_map(rows_of).collect();
    for rows in rows.chunks(ROWS) {
        with_conn!(connection, |c| InsertLabels(rows).execute(c))?;
    }
    Ok(())
}

/// How many rows a contact has, and how many of them are of labels that it is to have. Expressions for a statement
/// that reads or writes something else of the contact; a macro, for their types have no short names.
macro_rules! stored_and_kept {
    ($contact:expr) => {{
        use $crate::schema::contact_labels;
        let stored = contact_labels::table
            .filter(contact_labels::owner_id.eq(Id($contact.owner.uuid())))
            .filter(contact_labels::contact_id.eq(Id($contact.id.uuid())));
        let labels = $contact.details.labels.as_slice().iter().map(|label| label.as_str());
        let kept = stored.filter(contact_labels::label.eq_any(labels.collect::<Vec<_>>()));
        (stored.count().single_value(), kept.count().single_value())
    }};
}
pub(super) use stored_and_kept;

/// Writes the labels of a contact that has other ones, with what [`stored_and_kept`] says. Most changes of a contact
/// are of something else: they cost no statement.
pub(super) async fn replace(
    connection: &mut Conn,
    contact: &Contact,
    (stored, kept): (Option<i64>, Option<i64>),
) -> RepositoryResult<()> {
    let wanted = i64::try_from(contact.details.labels.as_slice().len()).ok();
    if stored == wanted && kept == wanted {
        return Ok(());
    }
    if stored != Some(0) {
        let former = contact_labels::table
            .filter(contact_labels::owner_id.eq(Id(contact.owner.uuid())))
            .filter(contact_labels::contact_id.eq(Id(contact.id.uuid())));
        with_conn!(connection, |c| diesel::delete(former).execute(c))?;
    }
    insert(connection, [contact]).await
}

pub(super) async fn count(reader: &Reader, owner: UserId) -> RepositoryResult<Vec<LabelCount>> {
    let query = contact_labels::table
        .inner_join(contacts::table)
        .filter(contact_labels::owner_id.eq(Id(owner.uuid())))
        .filter(contacts::deleted_at.is_null())
        .group_by(contact_labels::label_key)
        .order_by(contact_labels::label_key)
        .select((min(contact_labels::label), count_star()));
    let rows: Vec<(Option<String>, i64)> = read!(reader, load query)?;
    let counts = rows.into_iter().map(|(label, count)| {
        let (label, contacts) = label.zip(u64::try_from(count).ok())?;
        Some(LabelCount { label: Label::from_stored(label), contacts })
    });
    counts.collect::<Option<_>>().ok_or_else(|| RepositoryError::Inconsistent("labels of no contact".into()))
}

pub(super) async fn count_labelled(connection: &mut Conn, owner: UserId, label: &LabelKey) -> RepositoryResult<u64> {
    let query = contact_labels::table
        .inner_join(contacts::table)
        .filter(contact_labels::owner_id.eq(Id(owner.uuid())))
        .filter(contact_labels::label_key.eq(label.as_str()))
        .filter(contacts::deleted_at.is_null())
        .count();
    let count: i64 = with_conn!(connection, |c| query.get_result(c))?;
    u64::try_from(count).map_err(|_| RepositoryError::Inconsistent("a negative count".into()))
}

pub(super) async fn labelled(
    connection: &mut Conn,
    owner: UserId,
    label: &LabelKey,
    after: Option<ContactId>,
    limit: u32,
) -> RepositoryResult<Vec<Contact>> {
    let (owner, after) = (Id(owner.uuid()), after_id(after));
    // Both tables have an index that begins behind `after`, in the order of ids: what is said of one is said of the
    // other too, or else PostgreSQL walks the contacts from the first on.
    let query = contact_labels::table
        .inner_join(contacts::table)
        .filter(contact_labels::owner_id.eq(owner).and(contacts::owner_id.eq(owner)))
        .filter(contact_labels::label_key.eq(label.as_str()))
        .filter(contact_labels::contact_id.gt(after).and(contacts::id.gt(after)))
        .filter(contacts::deleted_at.is_null())
        .order_by(contact_labels::contact_id)
        .limit(limit.into());
    let rows: Vec<ContactRow> = with_conn!(connection, |c| query.select(ContactRow::as_select()).load(c))?;
    rows.into_iter().map(Contact::try_from).collect()
}
