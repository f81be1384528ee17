//! The migrations of both databases make the same tables.

use std::collections::BTreeMap;

/// The columns of each table, in order, with what they may be.
fn tables(sql: &str) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::new();
    let mut table = None;
    for line in sql.lines().map(str::trim).filter(|line| !line.starts_with("--")) {
        if let Some(name) = line.strip_prefix("CREATE TABLE ") {
            table = Some(name.trim_end_matches(" (").to_owned());
        } else if line == ");" {
            table = None;
        } else if let Some(table) = &table {
            let column = line.replace(" COLLATE \"C\"", "").replace(" UUID ", " BLOB ");
            let words: Vec<_> = column.split_whitespace().collect();
            tables.entry(table.clone()).or_insert_with(Vec::new).push(words.join(" "));
        }
    }
    tables
}

fn indexes(sql: &str) -> Vec<&str> {
    sql.lines().filter(|line| line.starts_with("CREATE INDEX")).collect()
}

#[test]
fn both_databases_have_the_same_tables_and_indexes() {
    let postgres = include_str!("../../../../../migrations/postgres/00000000000001_accounts_and_contacts/up.sql");
    let sqlite = include_str!("../../../../../migrations/sqlite/00000000000001_accounts_and_contacts/up.sql");
    assert_eq!(tables(postgres).len(), 3);
    assert_eq!(tables(postgres), tables(sqlite));
    assert_eq!(indexes(postgres), indexes(sqlite));
}
