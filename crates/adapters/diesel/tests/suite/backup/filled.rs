//! A database with rows in every table, and values at every edge.

use std::sync::Arc;

use contacts_contract::{
    fixtures::{contact, unusual_contacts, unusual_sessions, unusual_users},
    store::{
        Store,
        steps::{begin_session, delete, insert, register, registered},
    },
};
use contacts_diesel::migrations;
use contacts_domain::{contact::Contact, user::User};

use super::tools::AnyDatabase;

/// What nobody's software likes: signs that JSON and SQL escape, a character of four bytes, and the last one there is.
const NOTES: &str =
    "🧑‍🚀 \"quotes\" 'apostrophes' \\backslashes\\ \\u0041 \n\t\r \u{2028} łódź \u{10ffff} $1 %00 ?1 [1] {}";

pub(super) struct Filled {
    pub(super) database: AnyDatabase,
    pub(super) ada: User,
    /// Live, with labels.
    pub(super) grace: Contact,
    /// In the trash.
    pub(super) deleted: Contact,
}

pub(super) async fn filled(database: AnyDatabase) -> Filled {
    migrations::up(&database.url()).await.unwrap();
    let store: Store = Arc::new(database.open().await);
    for user in unusual_users() {
        register(&store, &user).await;
    }
    let ada = registered(&store).await;
    for session in unusual_sessions(ada.id) {
        begin_session(&store, &session).await;
    }
    insert(&store, &unusual_contacts(ada.id)).await;
    let grace = contact().first("Grace").last("Hopper").notes(NOTES).labels(&["Navy 🚢", "\"COBOL\""]).of(ada.id);
    let deleted = contact().first("Gone").labels(&["Past"]).of(ada.id);
    insert(&store, &[grace.clone(), deleted.clone()]).await;
    assert!(delete(&store, ada.id, deleted.id).await);
    drop(store);
    fill_the_rest(&database, &ada).await;
    Filled { database, ada, grace, deleted }
}

/// The rows that no step of the contract makes as they may be: nothing where nothing may be, and the greatest numbers.
async fn fill_the_rest(database: &AnyDatabase, ada: &User) {
    let id = |digit: &str| database.id(&digit.repeat(32));
    let user = database.id(&ada.id.uuid().simple().to_string());
    let every_byte: String = (0..=255_u8).map(|byte| format!("{byte:02x}")).collect();
    let (hash, body, empty) = (database.bytes(&"00ff".repeat(16)), database.bytes(&every_byte), database.bytes(""));
    let (whole, thousandth, millionth) =
        ("'2026-11-22 07:18:00'", "'2026-11-22 07:18:00.120'", "'2026-11-22 07:18:00.120001'");
    // A thousandth as the service writes it: digits in threes.
    let rows = [
        format!(
            "INSERT INTO links VALUES ({}, {user}, 'verify_email', 'a@b.example', {hash}, {whole}, NULL, NULL)",
            id("1")
        ),
        format!(
            "INSERT INTO links VALUES ({}, {user}, 'reset_password', 'a@b.example', {hash}, {whole}, {thousandth}, {millionth})",
            id("2")
        ),
        format!(
            "INSERT INTO outbox VALUES ({}, 'verify_email', NULL, NULL, NULL, {whole}, {millionth}, 0, NULL, NULL, NULL, NULL)",
            id("3")
        ),
        format!(
            "INSERT INTO outbox VALUES ({}, 'verify_email', {user}, 'a@b.example', 'c@d.example', {whole}, {millionth}, \
             2147483647, {}, {thousandth}, {whole}, 'refused: \"550\"')",
            id("4"),
            id("5")
        ),
        format!("INSERT INTO avatars VALUES ({}, {user}, 'png', 'shown', {thousandth})", id("6")),
        format!("INSERT INTO audit_log VALUES ({}, 'login_failed', NULL, NULL, NULL, NULL, {whole})", id("7")),
        format!(
            "INSERT INTO audit_log VALUES ({}, 'logged_in', {user}, {}, '203.0.113.7', 'curl/8', {millionth})",
            id("8"),
            id("9")
        ),
        format!(
            "INSERT INTO idempotency_keys VALUES ({user}, 'create', 'k', {hash}, {}, {whole}, {thousandth}, \
             NULL, NULL, NULL, NULL)",
            id("a")
        ),
        format!(
            "INSERT INTO idempotency_keys VALUES ({user}, 'create', 'K', {empty}, {}, {whole}, {thousandth}, \
             201, '/api/v1/contacts/1', '\"1\"', {body})",
            id("b")
        ),
        format!(
            "INSERT INTO creations SELECT id, 9223372036854775807, 2147483647, {millionth} FROM address_books \
             WHERE owner_id = {user}"
        ),
        format!(
            "UPDATE address_books SET creations = 9223372036854775807, forgotten = -9223372036854775808 \
             WHERE owner_id = {user}"
        ),
    ];
    database.execute(&rows.join(";\n")).await;
}
