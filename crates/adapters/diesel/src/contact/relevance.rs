//! How badly a contact matches the search words, as SQL: 0 is best.
//!
//! For each word 0 where it is a whole name, 1 where a name begins with it, 2 where any word of the
//! text begins with it (a second name, the e-mail, a label), 3 elsewhere in the text or in the phone number, 4 in the
//! notes, 5 where it is but near.

use contacts_domain::search::SearchWord;
use diesel::{
    query_builder::{AstPass, QueryFragment},
    result::QueryResult,
    serialize::ToSql,
    sql_types::{HasSqlType, Integer, Text},
};

use super::{
    beginning, containing, escaped,
    filter::{Patterns, in_digits, in_notes, like},
    sql_expression,
};

#[derive(Clone, Debug)]
pub(super) struct Relevance(Vec<WordForms>);

#[derive(Clone, Debug)]
struct WordForms {
    whole: String,
    name_begins: String,
    word_begins: String,
    anywhere: String,
    digits: String,
    notes: String,
}

impl Relevance {
    pub(super) fn of(words: &[SearchWord]) -> Self {
        let forms = words.iter().map(|word| WordForms {
            whole: word.text().to_owned(),
            name_begins: beginning(word.text()),
            word_begins: format!("% {}%", escaped(word.text())),
            anywhere: containing(word.text()),
            digits: in_digits(word),
            notes: in_notes(word),
        });
        Self(forms.collect())
    }
}

sql_expression!(Relevance, Integer);

impl<DB> QueryFragment<DB> for Relevance
where
    DB: Patterns + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(0");
        for WordForms { whole, name_begins, word_begins, anywhere, digits, notes } in &self.0 {
            out.push_sql(" + CASE WHEN first_name_key = ");
            out.push_bind_param::<Text, _>(whole)?;
            out.push_sql(" OR last_name_key = ");
            out.push_bind_param::<Text, _>(whole)?;
            out.push_sql(" THEN 0 WHEN ");
            like(&mut out, "first_name_key", name_begins)?;
            out.push_sql(" OR ");
            like(&mut out, "last_name_key", name_begins)?;
            out.push_sql(" THEN 1 WHEN ");
            like(&mut out, "search_text", word_begins)?;
            out.push_sql(" THEN 2 WHEN ");
            like(&mut out, "search_text", anywhere)?;
            out.push_sql(" OR ");
            like(&mut out, "phone_digits", digits)?;
            out.push_sql(" THEN 3 WHEN ");
            like(&mut out, "note_words", notes)?;
            out.push_sql(" THEN 4 ELSE 5 END");
        }
        out.push_sql(")");
        Ok(())
    }
}
