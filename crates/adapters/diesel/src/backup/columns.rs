//! How a row becomes a line of an archive, and a line a row: by the functions for JSON that both databases have.
//!
//! So no row goes through a type of this crate: an archive of older tables is read and restored as they were, and
//! migrated then.

use diesel::QueryResult;

use super::{
    archive::{Column, Kind},
    connection::Connection,
    error::BackupError,
};

/// Which database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Postgres,
    Sqlite,
}

/// A column of a table that is there.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) column: Column,
    /// Its type, as the database spells it.
    declared: String,
}

/// Whether there is such a table.
pub(super) fn exists(connection: &mut Connection, table: &str) -> QueryResult<bool> {
    let find = match connection.dialect() {
        Dialect::Postgres => format!("SELECT 'yes' AS line WHERE to_regclass('{table}') IS NOT NULL"),
        Dialect::Sqlite => format!("SELECT 'yes' AS line FROM sqlite_schema WHERE type = 'table' AND name = '{table}'"),
    };
    Ok(!connection.lines(&find)?.is_empty())
}

/// The columns of a table, in order; none where there is no such table.
pub(super) fn columns(connection: &mut Connection, table: &str) -> Result<Vec<Stored>, BackupError> {
    let list = match connection.dialect() {
        Dialect::Postgres => format!(
            "SELECT attname || ' ' || format_type(atttypid, atttypmod) AS line FROM pg_attribute \
             WHERE attrelid = to_regclass('{table}') AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ),
        Dialect::Sqlite => {
            format!("SELECT name || ' ' || lower(type) AS line FROM pragma_table_info('{table}') ORDER BY cid")
        }
    };
    let lines = connection.lines(&list)?;
    lines.iter().map(|line| stored(table, line)).collect()
}

fn stored(table: &str, line: &str) -> Result<Stored, BackupError> {
    let (name, declared) = line.split_once(' ').unwrap_or((line, ""));
    let kind = match declared {
        "uuid" | "bytea" | "blob" => Kind::Bytes,
        "text" => Kind::Text,
        "smallint" | "integer" | "bigint" => Kind::Integer,
        "boolean" => Kind::Boolean,
        "timestamp without time zone" | "timestamp" => Kind::Time,
        _ => {
            let [table, column, declared] = [table, name, declared].map(str::to_owned);
            return Err(BackupError::UnknownType { table, column, declared });
        }
    };
    Ok(Stored { column: Column(name.to_owned(), kind), declared: declared.to_owned() })
}

/// A name, whatever words the database keeps for itself.
fn quoted(stored: &Stored) -> String {
    format!("\"{}\"", stored.column.0)
}

/// Reads each row of a table as a line.
pub(super) fn select(dialect: Dialect, table: &str, columns: &[Stored]) -> String {
    let value = |stored: &Stored| {
        let name = quoted(stored);
        match (dialect, stored.column.1) {
            (_, Kind::Text | Kind::Integer) | (Dialect::Postgres, Kind::Boolean) | (Dialect::Sqlite, Kind::Time) => {
                name
            }
            (Dialect::Postgres, Kind::Bytes) if stored.declared == "uuid" => {
                format!("encode(uuid_send({name}), 'hex')")
            }
            (Dialect::Postgres, Kind::Bytes) => format!("encode({name}, 'hex')"),
            (Dialect::Postgres, Kind::Time) => format!("to_char({name}, 'YYYY-MM-DD HH24:MI:SS.US')"),
            (Dialect::Sqlite, Kind::Bytes) => format!("iif({name} IS NULL, NULL, lower(hex({name})))"),
            (Dialect::Sqlite, Kind::Boolean) => {
                format!("json(CASE {name} WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE 'null' END)")
            }
        }
    };
    let values = columns.iter().map(value).collect::<Vec<_>>().join(", ");
    match dialect {
        Dialect::Postgres => format!("SELECT json_build_array({values})::text AS line FROM {table}"),
        Dialect::Sqlite => format!("SELECT json_array({values}) AS line FROM {table}"),
    }
}

/// Writes many rows, which are one array of JSON, the statement's parameter. `columns` are in the order of its values.
pub(super) fn insert(dialect: Dialect, table: &str, columns: &[Stored]) -> String {
    let value = |(place, Stored { column: Column(_, kind), declared }): (usize, &Stored)| {
        let value = match dialect {
            Dialect::Postgres => format!("(value ->> {place})"),
            Dialect::Sqlite => format!("json_extract(value, '$[{place}]')"),
        };
        match (dialect, kind) {
            (Dialect::Postgres, Kind::Bytes) if declared == "bytea" => format!("decode({value}, 'hex')"),
            (Dialect::Postgres, _) => format!("{value}::{declared}"),
            (Dialect::Sqlite, Kind::Bytes) => format!("unhex({value})"),
            // As Diesel writes it: digits of a fraction in threes, none where all are zero.
            (Dialect::Sqlite, Kind::Time) => format!(
                "CASE WHEN {value} LIKE '%.000000' THEN substr({value}, 1, 19) \
                 WHEN {value} LIKE '%.___000' THEN substr({value}, 1, 23) ELSE {value} END"
            ),
            (Dialect::Sqlite, Kind::Text | Kind::Integer | Kind::Boolean) => value,
        }
    };
    let names = columns.iter().map(quoted).collect::<Vec<_>>().join(", ");
    let values = columns.iter().enumerate().map(value).collect::<Vec<_>>().join(", ");
    match dialect {
        Dialect::Postgres => {
            format!("INSERT INTO {table} ({names}) SELECT {values} FROM jsonb_array_elements($1::jsonb)")
        }
        Dialect::Sqlite => format!("INSERT INTO {table} ({names}) SELECT {values} FROM json_each($1)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_is_not_known_is_refused_and_not_guessed() {
        let error = stored("users", "size numeric(8,2)").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the column size of the table users is of the type numeric(8,2), which an archive does not know"
        );
        assert_eq!(stored("users", "at timestamp without time zone").unwrap().column.1, Kind::Time);
    }
}
