//! Which contacts match a filter, as SQL.

use contacts_domain::{
    contact_query::ContactFilter,
    ids::UserId,
    search::{Closeness, SearchWord, TermQuery},
};
use diesel::{
    backend::Backend,
    pg::Pg,
    query_builder::{AstPass, QueryFragment},
    result::QueryResult,
    serialize::ToSql,
    sql_types::{Bool, HasSqlType, Text},
    sqlite::Sqlite,
};

use super::{containing, search_index::Holds, sql_expression};
use crate::id::{DbUuid, Id};

/// Whose contacts, and all conditions of a filter, joined by `AND`.
#[derive(Clone, Debug)]
pub(super) struct Matching {
    owner: Id,
    index: Option<Holds>,
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug)]
enum Condition {
    /// A part of a text that is there.
    Part { column: &'static str, key: &'static str, pattern: String },
    /// A search word: in the text, in the phone number, in the notes, or near a word of the text.
    Word { text: String, digits: String, notes: String, near: Option<Holds> },
    /// One of the contact's labels.
    Label { owner: Id, key: String },
}

impl Matching {
    pub(super) fn new(owner: UserId, filter: &ContactFilter) -> Self {
        let ContactFilter { first_name, last_name, email, words, closeness, label } = filter;
        let columns = [
            ("first_name", "first_name_key", first_name),
            ("last_name", "last_name_key", last_name),
            ("email", "email_key", email),
        ];
        let parts = columns.into_iter().filter_map(|(column, key, text)| {
            // Nothing is a part of everything, even of what is absent.
            let text = text.as_ref().filter(|text| !text.is_empty())?;
            Some(Condition::Part { column, key, pattern: containing(text) })
        });
        let words = words.iter().map(|word| Condition::Word {
            text: containing(word.text()),
            digits: in_digits(word),
            notes: in_notes(word),
            near: match closeness {
                Closeness::Exact => None,
                Closeness::Near => Holds::of(&TermQuery::near(owner, word)),
            },
        });
        let label = label.iter().map(|key| Condition::Label { owner: Id(owner.uuid()), key: key.as_str().to_owned() });
        Self {
            owner: Id(owner.uuid()),
            index: Holds::of(&filter.terms(owner)),
            conditions: parts.chain(words).chain(label).collect(),
        }
    }
}

/// How a word is found in a phone number. One shape of SQL for all words: where the word is no part of a number, what
/// no number has.
pub(super) fn in_digits(word: &SearchWord) -> String {
    word.digits().map_or_else(|| "x".to_owned(), containing)
}

/// How a word is found in notes, or what no notes are.
pub(super) fn in_notes(word: &SearchWord) -> String {
    word.in_notes().map_or_else(|| "x".to_owned(), |beginning| containing(&beginning))
}

sql_expression!(Matching, Bool);

impl<DB> QueryFragment<DB> for Matching
where
    DB: Patterns + HasSqlType<Text> + HasSqlType<DbUuid>,
    String: ToSql<Text, DB>,
    Id: ToSql<DbUuid, DB>,
    Holds: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match &self.index {
            None => out.push_sql("(owner_id = "),
            // Written so that no index begins with it: neither database knows how few contacts the terms leave, and
            // both would rather walk through all of the owner's in the order of the list.
            Some(_) => out.push_sql("(COALESCE(owner_id, owner_id) = "),
        }
        out.push_bind_param::<DbUuid, _>(&self.owner)?;
        if let Some(index) = &self.index {
            out.push_sql(" AND ");
            index.walk_ast(out.reborrow())?;
        }
        for condition in &self.conditions {
            out.push_sql(" AND ");
            match condition {
                Condition::Part { column, key, pattern } => {
                    out.push_sql(column);
                    out.push_sql(" IS NOT NULL AND ");
                    like(&mut out, key, pattern)?;
                }
                Condition::Word { text, digits, notes, near } => {
                    out.push_sql("(");
                    like(&mut out, "search_text", text)?;
                    out.push_sql(" OR ");
                    like(&mut out, "phone_digits", digits)?;
                    out.push_sql(" OR ");
                    like(&mut out, "note_words", notes)?;
                    if let Some(near) = near {
                        out.push_sql(" OR ");
                        near.walk_ast(out.reborrow())?;
                    }
                    out.push_sql(")");
                }
                Condition::Label { owner, key } => {
                    // Not by the contact, so that it may be asked before any contact is looked at.
                    out.push_sql("id IN (SELECT contact_id FROM contact_labels WHERE owner_id = ");
                    out.push_bind_param::<DbUuid, _>(owner)?;
                    out.push_sql(" AND label_key = ");
                    out.push_bind_param::<Text, _>(key)?;
                    out.push_sql(")");
                }
            }
        }
        out.push_sql(")");
        Ok(())
    }
}

/// How a database is told that `\` is the escape character of a pattern. PostgreSQL knows, and to be told costs a function
/// call for each row; SQLite has none of its own.
pub(super) trait Patterns: Backend {
    const ESCAPE: &'static str;
}

impl Patterns for Pg {
    const ESCAPE: &'static str = "";
}

impl Patterns for Sqlite {
    const ESCAPE: &'static str = r" ESCAPE '\'";
}

/// `column LIKE pattern`, with `\` as the escape character on both databases. Cast, though it is a text already: SQLite
/// would prepare the statement anew for each pattern, for one without a wildcard in front could be looked up in an index.
pub(super) fn like<'b, DB>(out: &mut AstPass<'_, 'b, DB>, column: &str, pattern: &'b String) -> QueryResult<()>
where
    DB: Patterns + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    out.push_sql(column);
    out.push_sql(" LIKE CAST(");
    out.push_bind_param::<Text, _>(pattern)?;
    out.push_sql(" AS text)");
    out.push_sql(DB::ESCAPE);
    Ok(())
}
