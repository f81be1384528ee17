//! Contacts: how they are stored, found and ordered.

mod changes;
mod days;
mod filter;
mod keys;
mod labels;
mod order;
mod purge;
mod reader;
pub(crate) mod refold;
mod relabel;
mod relevance;
mod repository;
mod row;
mod search_index;
mod trash;

use contacts_domain::ids::ContactId;
use uuid::Uuid;

use crate::id::Id;

/// Stands in a key column where there is nothing: it sorts after every text, and no text that is
/// searched for is it: Unicode calls it no character, and no name is.
const ABSENT: &str = "\u{10FFFF}";

/// Where something is contained: `LIKE` with its wildcards made ordinary, by `filter::Patterns::ESCAPE`.
fn containing(text: &str) -> String {
    format!("%{}%", escaped(text))
}

/// Where something is at the beginning.
fn beginning(text: &str) -> String {
    format!("{}%", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// From where a walk by id goes on: behind the first id there could be where it begins.
fn after_id(after: Option<ContactId>) -> Id {
    Id(after.map_or(Uuid::nil(), ContactId::uuid))
}

/// The contacts of an owner that are not deleted. A macro, for the type of a query has no short name.
macro_rules! live_contacts {
    ($owner:expr) => {
        contacts::table.filter(contacts::owner_id.eq(Id($owner.uuid()))).filter(contacts::deleted_at.is_null())
    };
}
use live_contacts;

/// Implements what Diesel asks of a piece of SQL that may stand anywhere in a query on contacts.
macro_rules! sql_expression {
    ($name:ty, $sql_type:ty) => {
        impl diesel::expression::Expression for $name {
            type SqlType = $sql_type;
        }
        impl<Source> diesel::expression::AppearsOnTable<Source> for $name {}
        impl<Source> diesel::expression::SelectableExpression<Source> for $name {}
        impl diesel::expression::ValidGrouping<()> for $name {
            type IsAggregate = diesel::expression::is_aggregate::Never;
        }
        impl diesel::query_builder::QueryId for $name {
            type QueryId = ();
            // The SQL depends on the value, so the type alone must not name a prepared statement.
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    };
}
use sql_expression;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_ordinary_characters() {
        assert_eq!(containing(r"100%_a\b"), r"%100\%\_a\\b%");
        assert_eq!(beginning("a%"), r"a\%%");
    }
}
