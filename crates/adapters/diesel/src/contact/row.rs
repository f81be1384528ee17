//! How a contact is stored.

use chrono::NaiveDateTime;
use contacts_domain::{
    birthday::Birthday,
    contact::{Contact, ContactDetails},
    email_address::EmailAddress,
    folding::FOLD_VERSION,
    ids::{ContactId, UserId},
    labels::{Label, Labels},
    notes::Notes,
    person_name::PersonName,
    phone::Phone,
    ports::{RepositoryError, RepositoryResult},
    search::Searchable,
};
use diesel::{
    backend::Backend,
    dsl::SqlTypeOf,
    expression::{ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
};

use super::ABSENT;
use crate::{id::Id, schema::contacts, time::Time};

/// A contact as read.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = contacts)]
pub(super) struct ContactRow {
    id: Id,
    owner_id: Id,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    phone_e164: Option<String>,
    birthday_year: Option<i16>,
    birthday_month_day: Option<i16>,
    additional_data: Option<String>,
    labels: String,
    seq: i64,
    created_at: Time,
    updated_at: Time,
}

/// The columns of [`ContactRow`]. Diesel would quote each name anew whenever a statement is built, letter by letter, which
/// takes longer than all else that it does for one contact.
#[derive(Clone, Copy, Debug, QueryId)]
pub(super) struct ContactColumns;

const COLUMNS: &str = "contacts.id, contacts.owner_id, contacts.first_name, contacts.last_name, contacts.email, \
    contacts.phone, contacts.phone_e164, contacts.birthday_year, contacts.birthday_month_day, \
    contacts.additional_data, contacts.labels, contacts.seq, contacts.created_at, contacts.updated_at";

impl Expression for ContactColumns {
    type SqlType = SqlTypeOf<<ContactRow as Selectable<Pg>>::SelectExpression>;
}
impl<Source> AppearsOnTable<Source> for ContactColumns {}
impl<Source> SelectableExpression<Source> for ContactColumns {}
impl ValidGrouping<()> for ContactColumns {
    type IsAggregate = is_aggregate::No;
}

impl<DB: Backend> QueryFragment<DB> for ContactColumns {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(COLUMNS);
        Ok(())
    }
}

/// What every write of a contact sets.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = contacts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct DetailsRow<'a> {
    seq: i64,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    phone_e164: Option<&'a str>,
    birthday_year: Option<i16>,
    birthday_month_day: Option<i16>,
    additional_data: Option<&'a str>,
    labels: String,
    #[diesel(embed)]
    searched: SearchedRow,
    updated_at: NaiveDateTime,
}

/// What a contact is found and sorted by.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = contacts)]
pub(super) struct SearchedRow {
    first_name_key: String,
    last_name_key: String,
    email_key: String,
    search_text: String,
    note_words: String,
    phone_digits: String,
    search_terms: String,
    fold_version: i16,
}

impl SearchedRow {
    pub(super) fn new(owner: UserId, details: &ContactDetails) -> Self {
        let Searchable { first_name, last_name, email, text, note_words, phone_digits, terms } =
            Searchable::new(owner, details);
        let [first_name_key, last_name_key, email_key] =
            [first_name, last_name, email].map(|folded| folded.unwrap_or_else(|| ABSENT.to_owned()));
        Self {
            first_name_key,
            last_name_key,
            email_key,
            search_text: text,
            note_words,
            phone_digits,
            search_terms: terms,
            fold_version: FOLD_VERSION,
        }
    }
}

impl<'a> DetailsRow<'a> {
    pub(super) fn new(contact: &'a Contact, seq: i64) -> Self {
        // Everything is named, so that a new field is not forgotten here.
        let Contact { id: _, owner, details, seq: _, created_at: _, updated_at } = contact;
        let ContactDetails { first_name, last_name, email, phone, birthday, additional_data, labels } = details;
        Self {
            seq,
            first_name: first_name.as_ref().map(PersonName::as_str),
            last_name: last_name.as_ref().map(PersonName::as_str),
            email: email.as_ref().map(EmailAddress::as_str),
            phone: phone.as_ref().map(Phone::typed),
            phone_e164: phone.as_ref().and_then(Phone::e164),
            birthday_year: birthday.and_then(Birthday::year),
            birthday_month_day: birthday.map(|birthday| birthday.month_day().number()),
            additional_data: additional_data.as_ref().map(Notes::as_str),
            labels: as_json(labels),
            searched: SearchedRow::new(*owner, details),
            updated_at: updated_at.naive_utc(),
        }
    }
}

impl TryFrom<ContactRow> for Contact {
    type Error = RepositoryError;

    fn try_from(row: ContactRow) -> RepositoryResult<Self> {
        let ContactRow {
            id,
            owner_id,
            first_name,
            last_name,
            email,
            phone,
            phone_e164,
            birthday_year,
            birthday_month_day,
            additional_data,
            labels,
            seq,
            created_at,
            updated_at,
        } = row;
        let birthday = birthday_month_day
            .map(|month_day| {
                Birthday::from_stored(birthday_year, month_day)
                    .ok_or_else(|| RepositoryError::Inconsistent(format!("contact {}: no such birthday", id.0)))
            })
            .transpose()?;
        Ok(Self {
            id: ContactId::new(id.0),
            owner: UserId::new(owner_id.0),
            details: ContactDetails {
                first_name: first_name.map(PersonName::from_stored),
                last_name: last_name.map(PersonName::from_stored),
                email: email.map(EmailAddress::from_stored),
                phone: phone.map(|typed| Phone::from_stored(typed, phone_e164)),
                birthday,
                additional_data: additional_data.map(Notes::from_stored),
                labels: from_json(&labels)
                    .ok_or_else(|| RepositoryError::Inconsistent(format!("contact {}: no list of labels", id.0)))?,
            },
            seq,
            created_at: created_at.0.and_utc(),
            updated_at: updated_at.0.and_utc(),
        })
    }
}

/// A list of texts.
pub(super) fn as_json(labels: &Labels) -> String {
    let texts: Vec<&str> = labels.as_slice().iter().map(Label::as_str).collect();
    serde_json::Value::from(texts).to_string()
}

fn from_json(text: &str) -> Option<Labels> {
    // By far the most contacts have none.
    if text == "[]" {
        return Some(Labels::default());
    }
    let texts: Vec<String> = serde_json::from_str(text).ok()?;
    Some(Labels::from_stored(texts.into_iter().map(Label::from_stored).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_those_of_the_row() {
        let by_diesel = contacts::table.select(ContactRow::as_select());
        let written = contacts::table.select(ContactColumns);
        let sql = diesel::debug_query::<Pg, _>(&by_diesel).to_string().replace('"', "");
        assert_eq!(diesel::debug_query::<Pg, _>(&written).to_string().replace('"', ""), sql);
    }
}
