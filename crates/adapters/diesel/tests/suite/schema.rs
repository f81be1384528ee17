//! The migrations of both databases make the same tables.

use std::collections::BTreeMap;

/// Each migration, for PostgreSQL and for SQLite, but for those of the search index, which is each database's own.
const MIGRATIONS: [(&str, &str); 8] = [
    (
        include_str!("../../../../../migrations/postgres/00000000000001_accounts_and_contacts/up.sql"),
        include_str!("../../../../../migrations/sqlite/00000000000001_accounts_and_contacts/up.sql"),
    ),
    (
        include_str!("../../../../../migrations/postgres/00000000000002_sessions_mail_and_avatars/up.sql"),
        include_str!("../../../../../migrations/sqlite/00000000000002_sessions_mail_and_avatars/up.sql"),
    ),
    (
        include_str!("../../../../../migrations/postgres/00000000000003_labels_trash_and_changes/up.sql"),
        include_str!("../../../../../migrations/sqlite/00000000000003_labels_trash_and_changes/up.sql"),
    ),
    (
        include_str!("../../../../../migrations/postgres/00000000000004_idempotency/up.sql"),
        include_str!("../../../../../migrations/sqlite/00000000000004_idempotency/up.sql"),
    ),
    (
        include_str!("../../../../../migrations/postgres/00000000000005_trash_order/up.sql"),
        include_str!("../../../../../migrations/sqlite/00000000000005_trash_order/up.sql"),
    ),
    (
        include_str!("../../../../../migrations/postgres/00000000000006_search/up.sql"),
        include_str!("../../../../../migrations/sqlite/00000000000006_search/up.sql"),
    ),
    (
        include_str!("../../../../../migrations/postgres/00000000000009_labels_of_one_owner/up.sql"),
        include_str!("../../../../../migrations/sqlite/00000000000009_labels_of_one_owner/up.sql"),
    ),
    (
        include_str!("../../../../../migrations/postgres/00000000000010_disabled_users/up.sql"),
        include_str!("../../../../../migrations/sqlite/00000000000010_disabled_users/up.sql"),
    ),
];

/// A line with its words one space apart, and without what is spelled differently.
fn plain(line: &str) -> String {
    let line = line.replace(" COLLATE \"C\"", "").replace("UUID", "BLOB").replace("BYTEA", "BLOB");
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The index behind a search is each database's own.
fn is_of_search_index(line: &str) -> bool {
    line.contains("TABLE search_") || line.contains("INDEX contacts_search ")
}

/// The columns of each table, in order, with what they may be.
fn tables(sql: &str) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::new();
    let mut table = None;
    for line in sql.lines().map(str::trim).filter(|line| !line.starts_with("--")) {
        if is_of_search_index(line) {
            table = None;
        } else if let Some(name) = line.strip_prefix("CREATE TABLE ") {
            table = Some(name.trim_end_matches(" (").to_owned());
        } else if line == ");" {
            table = None;
        } else if let Some(table) = &table {
            tables.entry(table.clone()).or_insert_with(Vec::new).push(plain(line));
        }
    }
    tables
}

/// The indexes, and the columns that tables were given later.
fn additions(sql: &str) -> Vec<String> {
    let is_addition = |line: &&str| line.starts_with("CREATE INDEX") || line.starts_with("ALTER TABLE");
    sql.lines().filter(is_addition).filter(|line| !is_of_search_index(line)).map(plain).collect()
}

#[test]
fn both_databases_have_the_same_tables_and_indexes() {
    let mut count = 0;
    for (postgres, sqlite) in MIGRATIONS {
        assert_eq!(tables(postgres), tables(sqlite));
        assert_eq!(additions(postgres), additions(sqlite));
        assert!(!additions(sqlite).is_empty());
        count += tables(sqlite).len();
    }
    assert_eq!(count, 11);
}
