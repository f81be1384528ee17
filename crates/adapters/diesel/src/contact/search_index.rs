//! The index behind a search: the one place where the two databases differ in how contacts are found.
//!
//! Both hold the same [terms](contacts_domain::search::TermQuery): PostgreSQL in a GIN index on the column, SQLite in
//! a table of FTS5 that triggers keep.

use contacts_domain::search::{Term, TermQuery};
use diesel::{
    pg::Pg,
    query_builder::{AstPass, QueryFragment},
    result::QueryResult,
    sql_types::{Bool, Text},
    sqlite::Sqlite,
};

use super::sql_expression;

/// Whether a contact holds the terms that a query asks for.
#[derive(Clone, Debug)]
pub(super) struct Holds {
    tsquery: String,
    fts5: String,
}

impl Holds {
    /// `None` where the query asks for no term.
    pub(super) fn of(query: &TermQuery) -> Option<Self> {
        // Of ASCII terms have letters and digits alone, so that nothing in the quotes needs an escape.
        let tsquery = |term: &Term| match term {
            Term::Beginning(text) => format!("'{text}':*"),
            Term::Whole(text) => format!("'{text}'"),
        };
        let fts5 = |term: &Term| match term {
            Term::Beginning(text) => format!("\"{text}\" *"),
            Term::Whole(text) => format!("\"{text}\""),
        };
        (!query.is_empty()).then(|| Self {
            tsquery: written(query, tsquery, " & ", " | "),
            fts5: written(query, fts5, " AND ", " OR "),
        })
    }
}

/// The query in the language of an index.
fn written(query: &TermQuery, term: impl Fn(&Term) -> String, and: &str, or: &str) -> String {
    let joined = |items: Vec<String>, by: &str| format!("({})", items.join(by));
    let all = |terms: &Vec<Term>| joined(terms.iter().map(&term).collect(), and);
    let any = |alternatives: &Vec<Vec<Term>>| joined(alternatives.iter().map(all).collect(), or);
    joined(query.conditions().iter().map(any).collect(), and)
}

sql_expression!(Holds, Bool);

impl QueryFragment<Pg> for Holds {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("array_to_tsvector(string_to_array(search_terms, ' ')) @@ CAST(");
        out.push_bind_param::<Text, _>(&self.tsquery)?;
        out.push_sql(" AS tsquery)");
        Ok(())
    }
}

impl QueryFragment<Sqlite> for Holds {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql(
            "id IN (SELECT contact_id FROM search_numbers WHERE number IN (SELECT rowid FROM search_index WHERE search_index MATCH ",
        );
        out.push_bind_param::<Text, _>(&self.fts5)?;
        out.push_sql("))");
        Ok(())
    }
}
