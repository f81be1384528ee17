//! A user who is there, and remains so until the transaction ends.

use diesel::{
    AppearsOnTable, Expression, SelectableExpression,
    expression::{ValidGrouping, is_aggregate},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    sql_types::Bool,
    sqlite::Sqlite,
};

use crate::id::{DbUuid, Id};

/// Whether a row of `users` is that of this user, where nobody is deleting it.
///
/// Whoever inserts a row that refers to a user looks for the user first. PostgreSQL would find a user whose
/// deletion is not committed yet, and then fail for the reference; so it is told to wait for the deletion, and to
/// hold back any later one. SQLite has one writer, so that there is nobody to wait for.
#[derive(Clone, Copy, Debug, QueryId)]
pub(crate) struct RemainingUser(pub(crate) Id);

impl Expression for RemainingUser {
    type SqlType = Bool;
}
impl<Source> AppearsOnTable<Source> for RemainingUser {}
impl<Source> SelectableExpression<Source> for RemainingUser {}
impl ValidGrouping<()> for RemainingUser {
    type IsAggregate = is_aggregate::Never;
}

impl QueryFragment<Pg> for RemainingUser {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("users.id = ANY (ARRAY (SELECT id FROM users WHERE id = ");
        out.push_bind_param::<DbUuid, _>(&self.0)?;
        out.push_sql(" FOR KEY SHARE))");
        Ok(())
    }
}

impl QueryFragment<Sqlite> for RemainingUser {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("users.id = ");
        out.push_bind_param::<DbUuid, _>(&self.0)
    }
}
