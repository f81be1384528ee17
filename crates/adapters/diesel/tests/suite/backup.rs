//! Backups: everything comes back, in either database, or nothing does.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use contacts_diesel::{
    DatabaseUrl,
    backup::{BackupError, Progress, restore, save},
    migrations,
};
use diesel::{
    Connection, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query,
    sql_types::Text,
};

use crate::databases::{PostgresDatabase, SqliteDatabase, open};

/// A row in every table, with whatever is unusual, in SQL of SQLite.
const EVERYTHING: &str = "
    INSERT INTO users VALUES (x'01890a5dac96774bbcceb302099a8057', 'Ada@example.com', 'ada@example.com', 1, '$2b$hash',
        'Ada 🧮', 'pl', 'Pacific/Kiritimati', 'mar1', 'PL', 9223372036854775807, '2026-11-22 17:18:00.123456',
        '9999-12-31 23:59:59.999999', x'02890a5dac96774bbcceb302099a8057', '/media/avatars/a.jpg',
        '1970-01-01 00:00:00', 1);
    INSERT INTO users VALUES (x'03890a5dac96774bbcceb302099a8057', 'b@example.com', 'b@example.com', 0, '',
        NULL, 'en', 'UTC', 'feb28', NULL, 1, '2026-11-22 17:18:00', '2026-11-22 17:18:00', NULL, NULL, NULL, 0);
    INSERT INTO address_books (id, owner_id, seq, creations, epoch, forgotten) VALUES
        (x'04890a5dac96774bbcceb302099a8057', x'01890a5dac96774bbcceb302099a8057', 2, 5,
         x'05890a5dac96774bbcceb302099a8057', 1);
    INSERT INTO contacts (id, owner_id, address_book_id, seq, first_name, last_name, email, phone, phone_e164,
        birthday_year, birthday_month_day, additional_data, first_name_key, last_name_key, email_key, search_text,
        phone_digits, fold_version, created_at, updated_at, deleted_at, labels, purged, note_words, search_terms)
    VALUES
        (x'06890a5dac96774bbcceb302099a8057', x'01890a5dac96774bbcceb302099a8057', x'04890a5dac96774bbcceb302099a8057',
         1, 'Łukasz \"O''Hara\"', '夏目', 'l@example.com', '+48 600', '+48600', -32768, 229, 'one\ntwo\t🧮 \\ %_',
         'lukasz', 'natsume', 'l@example.com', ' lukasz natsume', '48600 600', 2, '2026-11-22 17:18:00.000001',
         '2026-11-22 17:18:00', NULL, '[\"Friends\"]', 0, ' one two', 'o1lukasz o1natsume'),
        (x'07890a5dac96774bbcceb302099a8057', x'01890a5dac96774bbcceb302099a8057', x'04890a5dac96774bbcceb302099a8057',
         2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '', '', '', '', 2, '2026-11-22 17:18:00',
         '2026-11-22 17:18:00', '2026-11-22 17:18:01', '[]', 1, '', '');
    INSERT INTO contact_labels (owner_id, label_key, contact_id, label) VALUES
        (x'01890a5dac96774bbcceb302099a8057', 'friends', x'06890a5dac96774bbcceb302099a8057', 'Friends');
    INSERT INTO creations (address_book_id, last, count, at) VALUES
        (x'04890a5dac96774bbcceb302099a8057', 5, 5, '2026-11-22 17:18:00');
    INSERT INTO sessions (id, user_id, user_agent, address, created_at, last_used_at, counter, expires_at, ends_at,
        revoked_at) VALUES
        (x'08890a5dac96774bbcceb302099a8057', x'01890a5dac96774bbcceb302099a8057', 'curl \u{202e}', '2001:db8::1',
         '2026-11-22 17:18:00', '2026-11-22 17:18:00', 7, '2026-11-22 17:18:00', '2026-11-22 17:18:00', NULL);
    INSERT INTO outbox (id, subject, user_id, address, new_address, created_at, due_at, attempts, lease, leased_until,
        buried_at, reason) VALUES
        (x'09890a5dac96774bbcceb302099a8057', 'verify_email', NULL, 'ada@example.com', NULL, '2026-11-22 17:18:00',
         '2026-11-22 17:18:00', 3, x'0a890a5dac96774bbcceb302099a8057', '2026-11-22 17:18:00', NULL, NULL);
    INSERT INTO links (id, user_id, purpose, address, hash, created_at, expires_at, closed_at) VALUES
        (x'0b890a5dac96774bbcceb302099a8057', x'01890a5dac96774bbcceb302099a8057', 'reset_password', 'ada@example.com',
         x'00ff00fe', '2026-11-22 17:18:00', '2026-11-22 17:18:00', NULL);
    INSERT INTO avatars (id, user_id, format, state, started_at) VALUES
        (x'02890a5dac96774bbcceb302099a8057', x'01890a5dac96774bbcceb302099a8057', 'jpeg', 'shown',
         '2026-11-22 17:18:00');
    INSERT INTO audit_log (id, kind, user_id, session_id, address, user_agent, at) VALUES
        (x'0c890a5dac96774bbcceb302099a8057', 'logged_in', x'01890a5dac96774bbcceb302099a8057', NULL, '203.0.113.7',
         NULL, '2026-11-22 17:18:00');
    INSERT INTO idempotency_keys (user_id, operation, key, fingerprint, lease, reserved_at, leased_until, status,
        location, entity_tag, body) VALUES
        (x'01890a5dac96774bbcceb302099a8057', 'create_contact', 'k', x'00', x'0d890a5dac96774bbcceb302099a8057',
         '2026-11-22 17:18:00', '2026-11-22 17:18:00', 201, '/x', '\"1\"', x'7b7d00');
";

#[derive(Default)]
struct Told(Mutex<BTreeSet<String>>);

impl Progress for Told {
    fn copied(&self, table: &str, _: u64) {
        self.0.lock().unwrap().insert(table.to_owned());
    }
}

fn quiet() -> Arc<Told> {
    Arc::default()
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

fn lines(file: &Path, query: &str) -> Vec<String> {
    let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let lines: Vec<Line> = sql_query(query).load(&mut connection).unwrap();
    lines.into_iter().map(|line| line.text).collect()
}

/// Every value of every table, as SQL writes it.
fn dump(file: &Path) -> Vec<String> {
    let tables = lines(
        file,
        "SELECT name AS text FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_%' \
         AND name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    );
    assert_eq!(tables.len(), 11, "{tables:?}");
    let mut dump = Vec::new();
    for table in tables {
        let columns = lines(file, &format!("SELECT name AS text FROM pragma_table_info('{table}') ORDER BY name"));
        let values: Vec<_> = columns.iter().map(|column| format!("'{column}=' || quote({column})")).collect();
        let mut rows = lines(file, &format!("SELECT {} AS text FROM {table}", values.join(" || ', ' || ")));
        assert!(!rows.is_empty(), "{table}");
        rows.sort();
        dump.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
    }
    dump
}

struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A backup of a database that has something in every table.
    async fn backup(&self) -> PathBuf {
        let source = SqliteDatabase::new();
        migrations::up(&source.url()).await.unwrap();
        let mut connection = SqliteConnection::establish(source.path().to_str().unwrap()).unwrap();
        // Who migrated may still be tidying up.
        connection.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
        connection.batch_execute(EVERYTHING).unwrap();
        let file = self.file("first.db");
        save(&source.url(), &file, false, quiet()).await.unwrap();
        file
    }
}

/// Restores a backup, saves it again, and asserts that nothing is missing or different.
async fn there_and_back(target: DatabaseUrl) {
    let scratch = Scratch::new();
    let first = scratch.backup().await;
    let told = quiet();
    let content = restore(&target, &first, false, told.clone()).await.unwrap();
    assert_eq!(content.tables.iter().filter(|(_, rows)| *rows > 0).count(), 11);
    assert_eq!(told.0.lock().unwrap().len(), 11, "of each table is told");
    let second = scratch.file("second.db");
    assert_eq!(save(&target, &second, false, quiet()).await.unwrap(), content);
    assert_eq!(dump(&first), dump(&second));
    assert_eq!(lines(&second, "SELECT integrity_check AS text FROM pragma_integrity_check"), ["ok"]);
    assert!(lines(&second, "SELECT \"table\" AS text FROM pragma_foreign_key_check").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_comes_back_to_sqlite() {
    let target = SqliteDatabase::new();
    there_and_back(target.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_goes_to_postgres_and_comes_back() {
    let target = PostgresDatabase::new().await;
    there_and_back(target.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_way_is_left_alone_unless_it_is_to_be_replaced() {
    let (sqlite, postgres) = (SqliteDatabase::new(), PostgresDatabase::new().await);
    for target in [sqlite.url(), postgres.url()] {
        let scratch = Scratch::new();
        let first = scratch.backup().await;
        restore(&target, &first, false, quiet()).await.unwrap();
        let refused = restore(&target, &first, false, quiet()).await.unwrap_err();
        assert!(matches!(refused, BackupError::NotEmpty(2)), "{refused:?}");
        restore(&target, &first, true, quiet()).await.unwrap();
        let second = scratch.file("second.db");
        save(&target, &second, false, quiet()).await.unwrap();
        assert_eq!(dump(&first), dump(&second));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_one_file_for_its_owner_that_replaces_no_other_unasked() {
    let source = SqliteDatabase::new();
    migrations::up(&source.url()).await.unwrap();
    let postgres = PostgresDatabase::new().await;
    migrations::up(&postgres.url()).await.unwrap();
    for url in [source.url(), postgres.url()] {
        let scratch = Scratch::new();
        let file = scratch.file("it's a backup.db");
        save(&url, &file, false, quiet()).await.unwrap();
        let again = save(&url, &file, false, quiet()).await.unwrap_err();
        assert!(matches!(again, BackupError::Exists), "{again:?}");
        save(&url, &file, true, quiet()).await.unwrap();
        let names: Vec<_> = scratch.0.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["it's a backup.db"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_whole_backup_is_refused_and_changes_nothing() {
    let scratch = Scratch::new();
    let whole = std::fs::read(scratch.backup().await).unwrap();
    let target = SqliteDatabase::new();
    let store = open(target.url()).await;
    drop(store);
    let refuse = async |name: &str, content: Option<&[u8]>| {
        let file = scratch.file(name);
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let refused = restore(&target.url(), &file, true, quiet()).await.unwrap_err();
        assert_eq!(lines(target.path().as_path(), "SELECT count(*) || '' AS text FROM users"), ["0"], "{name}");
        refused
    };
    assert!(matches!(refuse("missing", None).await, BackupError::Missing));
    assert!(matches!(refuse("text", Some(b"BEGIN; -- a dump of another program\n")).await, BackupError::Foreign));
    let empty = refuse("empty", Some(b"")).await;
    assert!(matches!(empty, BackupError::Foreign), "{empty:?}");
    let half = refuse("half", Some(&whole[..whole.len() / 2])).await;
    assert!(matches!(half, BackupError::Damaged(_)), "{half:?}");
    let mut bent = whole.clone();
    for byte in bent.iter_mut().skip(3 * 4096).take(40 * 4096) {
        *byte ^= 0x55;
    }
    let bent = refuse("bent", Some(&bent)).await;
    assert!(matches!(bent, BackupError::Damaged(_)), "{bent:?}");
    let newer = scratch.file("newer");
    std::fs::write(&newer, &whole).unwrap();
    let mut connection = SqliteConnection::establish(newer.to_str().unwrap()).unwrap();
    connection.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99999999999999')").unwrap();
    drop(connection);
    let newer = refuse("newer", None).await;
    assert!(matches!(&newer, BackupError::Newer(version) if version == "99999999999999"), "{newer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_an_older_version_is_brought_up_to_date_and_kept_as_it_is() {
    let scratch = Scratch::new();
    let file = scratch.backup().await;
    migrations::down(&DatabaseUrl::sqlite(&file), 2).await.unwrap();
    let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    connection.batch_execute("PRAGMA journal_mode = DELETE").unwrap();
    drop(connection);
    let before = std::fs::read(&file).unwrap();
    let target = SqliteDatabase::new();
    restore(&target.url(), &file, false, quiet()).await.unwrap();
    assert_eq!(lines(target.path().as_path(), "SELECT count(*) || '' AS text FROM users"), ["2"]);
    assert!(std::fs::read(&file).unwrap() == before, "the file was changed");
    let names: Vec<_> = scratch.0.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["first.db"], "nothing is left beside it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_lacks_migrations_is_not_saved() {
    let source = SqliteDatabase::new();
    migrations::up(&source.url()).await.unwrap();
    migrations::down(&source.url(), 1).await.unwrap();
    let scratch = Scratch::new();
    let refused = save(&source.url(), &scratch.file("a.db"), false, quiet()).await.unwrap_err();
    assert!(matches!(refused, BackupError::Pending), "{refused:?}");
    assert!(!scratch.file("a.db").exists());
}
