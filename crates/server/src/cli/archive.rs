//! What `contacts backup` and `contacts restore` say alike.

use clap::{Arg, ArgAction};
use contacts_diesel::backup::{Progress, Summary, archive::Header};
use serde_json::{Map, Value, json};

use crate::{output, surroundings::Surroundings};

pub(super) const JSON: &str = "json";

pub(super) fn json() -> Arg {
    Arg::new(JSON).long("json").action(ArgAction::SetTrue).help("Prints the result as one JSON object")
}

/// Forgets the line where the cursor is.
const ANEW: &str = "\r\u{1b}[K";

/// How far it is, in one line that changes, for who sits at a terminal.
pub(super) fn progress(around: &Surroundings) -> Progress {
    if !around.terminals.stderr {
        return Box::new(|_, _| {});
    }
    Box::new(|table, count| output::complain(&format!("{ANEW}{table}: {}", rows(count))))
}

/// Nothing is left of it.
pub(super) fn end_of_progress(around: &Surroundings) {
    if around.terminals.stderr {
        output::complain(ANEW);
    }
}

pub(super) fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

/// A line for each table.
pub(super) fn tables(summary: &Summary) -> String {
    let line = |(table, rows): &(String, u64)| format!("{table:<16}  {rows:>9}\n");
    summary.tables.iter().map(line).collect()
}

pub(super) fn as_json(summary: &Summary) -> Value {
    let Summary { header: Header { version, schema, created_at, database }, tables } = summary;
    let tables: Map<_, _> = tables.iter().map(|(table, rows)| (table.clone(), json!(rows))).collect();
    json!({
        "format": version,
        "schema": schema,
        "created_at": created_at,
        "database": database,
        "tables": tables,
        "rows": summary.rows(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_as_text_and_as_json() {
        let header = Header {
            version: 1,
            schema: "00000000000009".to_owned(),
            created_at: "2026-11-23T12:00:00.000000Z".to_owned(),
            database: "sqlite".to_owned(),
        };
        let summary = Summary { header, tables: vec![("users".to_owned(), 1), ("contacts".to_owned(), 80)] };
        assert_eq!(tables(&summary), "users                     1\ncontacts                 80\n");
        assert_eq!((rows(summary.rows()), rows(1)), ("81 rows".to_owned(), "1 row".to_owned()));
        let object = as_json(&summary);
        assert_eq!(object["tables"], json!({"users": 1, "contacts": 80}));
        assert_eq!((&object["rows"], &object["schema"]), (&json!(81), &json!("00000000000009")));
    }
}
