//! Whatever is asked of contacts is asked of one owner's: a database that spreads owners over machines finds each statement
//! on one of them.

use reqwest::header::HeaderName;
use serde_json::{Value, json};

use crate::harness::{Client, PostgresProxy, Setup, ada, merged, named, path_of};

/// What belongs to an owner, and the column that says whose it is. An address book has one owner.
const TABLES: [(&str, &str); 4] = [
    ("contacts", "owner_id"),
    ("contact_labels", "owner_id"),
    ("address_books", "owner_id"),
    ("creations", "address_book_id"),
];

/// Everything that can be done with contacts.
async fn do_everything(user: &Client) {
    let labelled = merged(ada(), json!({"labels": ["Friends", "VIP"]}));
    let first = user
        .post("/contacts", &labelled)
        .header(HeaderName::from_static("idempotency-key"), "once")
        .await
        .expect(201)
        .json();
    let path = path_of(&first);
    let second = user.create(named("Charles", "Babbage")).await;
    user.get(&path).await.expect(200);
    user.put(&path, labelled).await.expect(200);
    user.patch(&path, json!({"labels": ["Work"], "last_name": "Byron"})).await.expect(200);
    for query in [
        "",
        "?q=ada",
        "?q=byrn",
        "?q=%2B48",
        "?first_name=a&last_name=b&email=e",
        "?label=work",
        "?sort=-birthday,email",
        "?sort=-created_at&limit=1",
        "?q=tea%20notes",
    ] {
        let page = user
            .get(&format!("/contacts{query}"))
            .header(HeaderName::from_static("prefer"), "count=exact")
            .await
            .expect(200)
            .json();
        if let Some(cursor) = page["next_cursor"].as_str() {
            user.get("/contacts").query(&[("cursor", cursor), ("sort", "-created_at"), ("limit", "1")]).await;
        }
    }
    user.get("/contacts/birthdays?days=365").await.expect(200);
    user.get("/contacts/labels").await.expect(200);
    user.patch("/contacts/labels/Work", json!({"label": "Job"})).await.expect(200);
    user.delete("/contacts/labels/Job").await.expect(204);
    let synced: Value = user.get("/contacts/changes").await.expect(200).json();
    user.delete(&path).await.expect(204);
    let since = synced["next_token"].as_str().unwrap();
    user.get("/contacts/changes").query(&[("since", since)]).await.expect(200);
    user.get("/contacts/trash").await.expect(200);
    user.post(&format!("{path}/restore"), json!({})).await.expect(200);
    let operations = json!({"operations": [
        {"op": "create", "contact": named("Grace", "Hopper")},
        {"op": "update", "id": second["id"], "patch": {"first_name": "Carl"}},
        {"op": "delete", "id": second["id"]},
    ]});
    user.post("/contacts/batch", operations).await.expect(200);
    user.delete("/contacts/trash").await.expect(204);
    user.get("/users/me/export").await.expect(200);
}

#[tokio::test]
async fn every_statement_on_contacts_names_their_owner() {
    let setup = Setup::postgres().await;
    let database = setup.database_url().unwrap();
    let proxy = PostgresProxy::to(&database);
    let app = setup.env("DATABASE_URL", proxy.url(&database).as_str()).start();
    let user = app.register("user@example.com").await;
    do_everything(&user).await;
    let statements = proxy.statements();
    for (table, key) in TABLES {
        let about: Vec<_> = statements.iter().filter(|text| is_about(text, table)).collect();
        assert!(!about.is_empty(), "nothing was asked of {table}");
        for text in about {
            assert!(text.contains(key), "no owner in: {text}");
        }
    }
}

/// Whether a statement reads or writes a table.
fn is_about(text: &str, table: &str) -> bool {
    let text = text.replace(['"', '(', ')', ','], " ");
    let words: Vec<_> = text.split_whitespace().collect();
    words.windows(2).any(|pair| ["FROM", "INTO", "UPDATE", "JOIN"].contains(&pair[0]) && pair[1] == table)
}
