//! `contacts audit list`: the audit log, for an operator.

use serde_json::{Value, json};

use crate::harness::{App, PASSWORD, on_both_databases};

on_both_databases!(what_happened_is_listed_the_newest_first, one_user_is_found_by_their_address_and_by_their_id);

const ADA: &str = "ada@example.com";
const GRACE: &str = "grace@example.com";

/// What the command prints. It must succeed.
fn list(app: &App, flags: &[&str]) -> String {
    let output = app.setup().run(&[&["audit", "list"], flags].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn listed(app: &App, flags: &[&str]) -> Vec<Value> {
    list(app, &[&["--json"], flags].concat()).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

async fn what_happened_is_listed_the_newest_first(app: App) {
    assert_eq!(list(&app, &[]), "Nothing is recorded.\n");
    assert_eq!(list(&app, &["--json"]), "");
    app.api().register(ADA, json!({})).await.expect(201);
    app.api().log_in(ADA, PASSWORD).await.expect(200);
    app.api().log_in("nobody@example.com", "wrong").await.expect(401);
    assert_eq!(kinds(&listed(&app, &[])), ["login_failed", "logged_in", "registered"]);
    assert_eq!(kinds(&listed(&app, &["--limit", "2"])), ["login_failed", "logged_in"]);
    let text = list(&app, &[]);
    let lines: Vec<_> = text.lines().collect();
    let [failed, logged_in, registered] = lines.as_slice() else { panic!("{text}") };
    assert!(failed.contains("  login_failed  no account  from 127.0.0.1"), "{text}");
    assert!(logged_in.contains("  session ") && registered.contains("  user "), "{text}");
    assert!(!text.contains('@'), "the log tells of accounts by their ids: {text}");
}

async fn one_user_is_found_by_their_address_and_by_their_id(app: App) {
    let ada = app.register(ADA).await;
    app.register(GRACE).await;
    let events = listed(&app, &["--user", "Ada@Example.com"]);
    assert_eq!(kinds(&events), ["logged_in", "registered"]);
    let id = events[0]["user"].as_str().unwrap();
    assert_eq!(ada.get("/users/me").await.expect(200).json()["id"], id);

    ada.post("/users/me/delete", json!({"password": PASSWORD})).await.expect(204);
    let unknown = app.setup().run(&["audit", "list", "--user", ADA]);
    assert_eq!(unknown.status.code(), Some(1));
    let error = String::from_utf8(unknown.stderr).unwrap();
    assert_eq!(error, "error: Nobody has an account with the address ada@example.com.\n");
    assert_eq!(kinds(&listed(&app, &["--user", id])), ["account_deleted", "logged_in", "registered"]);
}
