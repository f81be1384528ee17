//! Labels: a table of its own says which contacts have which.

use contacts_domain::{
    contact::Contact,
    ids::{ContactId, UserId},
    labels::{Label, LabelCount, LabelKey},
    ports::{RepositoryError, RepositoryResult},
};
use diesel::{
    dsl::{count_star, min},
    prelude::*,
};
use diesel_async::RunQueryDsl;

use super::{after_id, row::ContactRow};
use crate::{
    connection::{Conn, with_conn},
    id::Id,
    schema::{contact_labels, contacts},
};

/// Writes the labels of a contact that has none yet.
pub(super) async fn insert(connection: &mut Conn, contact: &Contact) -> RepositoryResult<()> {
    let labels = contact.details.labels.as_slice();
    if labels.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = labels
        .iter()
        .map(|label| {
            (
                contact_labels::owner_id.eq(Id(contact.owner.uuid())),
                contact_labels::label_key.eq(label.key().as_str().to_owned()),
                contact_labels::contact_id.eq(Id(contact.id.uuid())),
                contact_labels::label.eq(label.as_str()),
            )
        })
        .collect();
    with_conn!(connection, |c| diesel::insert_into(contact_labels::table).values(rows).execute(c))?;
    Ok(())
}

/// Writes the labels of a contact that may have others.
pub(super) async fn replace(connection: &mut Conn, contact: &Contact) -> RepositoryResult<()> {
    let former = contact_labels::table.filter(contact_labels::contact_id.eq(Id(contact.id.uuid())));
    with_conn!(connection, |c| diesel::delete(former).execute(c))?;
    insert(connection, contact).await
}

pub(super) async fn count(connection: &mut Conn, owner: UserId) -> RepositoryResult<Vec<LabelCount>> {
    let query = contact_labels::table
        .inner_join(contacts::table)
        .filter(contact_labels::owner_id.eq(Id(owner.uuid())))
        .filter(contacts::deleted_at.is_null())
        .group_by(contact_labels::label_key)
        .order_by(contact_labels::label_key)
        .select((min(contact_labels::label), count_star()));
    let rows: Vec<(Option<String>, i64)> = with_conn!(connection, |c| query.load(c))?;
    let counts = rows.into_iter().map(|(label, count)| {
        let (label, contacts) = label.zip(u64::try_from(count).ok())?;
        Some(LabelCount { label: Label::from_stored(label), contacts })
    });
    counts.collect::<Option<_>>().ok_or_else(|| RepositoryError::Inconsistent("labels of no contact".into()))
}

pub(super) async fn labelled(
    connection: &mut Conn,
    owner: UserId,
    label: &LabelKey,
    after: Option<ContactId>,
    limit: u32,
) -> RepositoryResult<Vec<Contact>> {
    let query = contact_labels::table
        .inner_join(contacts::table)
        .filter(contact_labels::owner_id.eq(Id(owner.uuid())))
        .filter(contact_labels::label_key.eq(label.as_str()))
        .filter(contact_labels::contact_id.gt(after_id(after)))
        .filter(contacts::deleted_at.is_null())
        .order_by(contact_labels::contact_id)
        .limit(limit.into())
        .select(ContactRow::as_select());
    let rows: Vec<ContactRow> = with_conn!(connection, |c| query.load(c))?;
    rows.into_iter().map(Contact::try_from).collect()
}
