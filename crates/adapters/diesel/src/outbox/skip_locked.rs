//! Rows that no other transaction works on: the one query text that the two databases do not share.

use diesel::{
    AppearsOnTable, Expression, SelectableExpression,
    expression::{ValidGrouping, is_aggregate},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    sql_types::Bool,
    sqlite::Sqlite,
};

/// Whether the `id` of a row is among those that the query selects, those left out that another transaction
/// has locked.
///
/// PostgreSQL is told to lock what it selects, and to skip what is locked, so that concurrent transactions
/// neither wait for each other nor get the same row. The array is made once: with a plain `IN` the planner may
/// run the query once for each row of the table, and then more rows are taken than its limit says. SQLite
/// has one writer, so that there is nobody to skip.
#[derive(Clone, Copy, Debug, QueryId)]
pub(super) struct AmongUnlocked<Q>(pub(super) Q);

impl<Q> Expression for AmongUnlocked<Q> {
    type SqlType = Bool;
}
impl<Q, Source> AppearsOnTable<Source> for AmongUnlocked<Q> {}
impl<Q, Source> SelectableExpression<Source> for AmongUnlocked<Q> {}
impl<Q> ValidGrouping<()> for AmongUnlocked<Q> {
    type IsAggregate = is_aggregate::Never;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for AmongUnlocked<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("id = ANY (ARRAY (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" FOR UPDATE SKIP LOCKED))");
        Ok(())
    }
}

impl<Q: QueryFragment<Sqlite>> QueryFragment<Sqlite> for AmongUnlocked<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("id IN (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
