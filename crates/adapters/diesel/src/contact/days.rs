//! Which birthdays lie in a window, as SQL.

use std::ops::RangeInclusive;

use contacts_domain::ids::UserId;
use diesel::{
    backend::Backend,
    query_builder::{AstPass, QueryFragment},
    result::QueryResult,
    serialize::ToSql,
    sql_types::{Bool, HasSqlType, SmallInt},
};

use super::sql_expression;
use crate::id::{DbUuid, Id};

/// One of some ranges of month-days, of an owner's contacts. Each range names the whole index once more: SQLite looks
/// up alternatives in one only where each could be looked up alone.
#[derive(Clone, Debug)]
pub(super) struct InDays {
    owner: Id,
    ranges: Vec<(i16, i16)>,
}

impl InDays {
    pub(super) fn new(owner: UserId, ranges: Vec<RangeInclusive<i16>>) -> Self {
        Self { owner: Id(owner.uuid()), ranges: ranges.into_iter().map(RangeInclusive::into_inner).collect() }
    }
}

sql_expression!(InDays, Bool);

impl<DB> QueryFragment<DB> for InDays
where
    DB: Backend + HasSqlType<SmallInt> + HasSqlType<DbUuid>,
    i16: ToSql<SmallInt, DB>,
    Id: ToSql<DbUuid, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.ranges.is_empty() {
            out.push_sql("FALSE");
            return Ok(());
        }
        for (index, (first, last)) in self.ranges.iter().enumerate() {
            out.push_sql(if index == 0 { "((" } else { ") OR (" });
            out.push_sql("owner_id = ");
            out.push_bind_param::<DbUuid, _>(&self.owner)?;
            out.push_sql(" AND deleted_at IS NULL AND birthday_month_day BETWEEN ");
            out.push_bind_param::<SmallInt, _>(first)?;
            out.push_sql(" AND ");
            out.push_bind_param::<SmallInt, _>(last)?;
        }
        out.push_sql("))");
        Ok(())
    }
}
