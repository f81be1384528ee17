//! What a contact is sorted by, as stored.

use contacts_domain::sort::{Direction, SortKey};
use diesel::{
    backend::Backend,
    prelude::*,
    query_builder::{AstPass, QueryFragment},
    result::QueryResult,
    sql_types::{Nullable, Text},
};

use super::sql_expression;

/// What the list of a contact needs of it, to say where it stands.
#[derive(Debug, Queryable)]
pub(super) struct KeyRow {
    pub(super) first_name_key: Option<String>,
    pub(super) last_name_key: Option<String>,
    pub(super) email_key: Option<String>,
}

/// The columns of a [`KeyRow`], each of them or nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyColumns {
    first_name: bool,
    last_name: bool,
    email: bool,
}

impl KeyColumns {
    /// Those of this order.
    pub(super) fn of(order: &[(SortKey, Direction)]) -> Self {
        let wanted = |key| order.iter().any(|(wanted, _)| *wanted == key);
        Self {
            first_name: wanted(SortKey::FirstName),
            last_name: wanted(SortKey::LastName),
            email: wanted(SortKey::Email),
        }
    }
}

sql_expression!(KeyColumns, (Nullable<Text>, Nullable<Text>, Nullable<Text>));

impl<DB: Backend> QueryFragment<DB> for KeyColumns {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let column = |wanted, name| if wanted { name } else { "CAST(NULL AS text)" };
        out.push_sql(column(self.first_name, "first_name_key"));
        out.push_sql(", ");
        out.push_sql(column(self.last_name, "last_name_key"));
        out.push_sql(", ");
        out.push_sql(column(self.email, "email_key"));
        Ok(())
    }
}
