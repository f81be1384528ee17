//! Which birthdays lie in a window, as SQL.

use std::ops::RangeInclusive;

use diesel::{
    backend::Backend,
    query_builder::{AstPass, QueryFragment},
    result::QueryResult,
    serialize::ToSql,
    sql_types::{Bool, HasSqlType, SmallInt},
};

use super::sql_expression;

/// One of some ranges of month-days: `BETWEEN`s that an index can use.
#[derive(Clone, Debug)]
pub(super) struct InDays(Vec<(i16, i16)>);

impl InDays {
    pub(super) fn new(ranges: Vec<RangeInclusive<i16>>) -> Self {
        Self(ranges.into_iter().map(RangeInclusive::into_inner).collect())
    }
}

sql_expression!(InDays, Bool);

impl<DB> QueryFragment<DB> for InDays
where
    DB: Backend + HasSqlType<SmallInt>,
    i16: ToSql<SmallInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(FALSE");
        for (first, last) in &self.0 {
            out.push_sql(" OR birthday_month_day BETWEEN ");
            out.push_bind_param::<SmallInt, _>(first)?;
            out.push_sql(" AND ");
            out.push_bind_param::<SmallInt, _>(last)?;
        }
        out.push_sql(")");
        Ok(())
    }
}
