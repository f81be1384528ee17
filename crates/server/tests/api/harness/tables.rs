//! Whole tables, seen beside the server: for what must be there, and what must not be anywhere.

use serde_json::Value;

use super::setup::Setup;

impl Setup {
    /// All rows of a table as objects, in no order. Bytes are digits of base 16; an id is written as either
    /// database keeps it.
    pub(crate) async fn rows(&self, table: &str) -> Vec<Value> {
        let rows = match self.database_url() {
            Some(_) => self.sql(&format!("SELECT to_jsonb(t)::text AS text FROM {table} t")).await,
            None => {
                let columns = self.sql(&format!("SELECT name AS text FROM pragma_table_info('{table}')")).await;
                assert!(!columns.is_empty(), "there is no table {table}");
                let member = |name: &String| {
                    format!("'{name}', CASE typeof({name}) WHEN 'blob' THEN lower(hex({name})) ELSE {name} END")
                };
                let members = columns.iter().map(member).collect::<Vec<_>>().join(", ");
                self.sql(&format!("SELECT json_object({members}) AS text FROM {table}")).await
            }
        };
        rows.iter().map(|row| serde_json::from_str(row).expect("a row is an object")).collect()
    }
}
