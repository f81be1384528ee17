//! `contacts backup` and `contacts restore`: a copy of a service that goes on, and a service out of a copy.

use std::{
    fs,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::header::HeaderName;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::{App, Client, PASSWORD, Setup, ada, eventually, merged, named, on_both_databases, path_of};

on_both_databases!(
    a_backup_under_load_holds_every_write_that_was_acknowledged_before,
    a_backup_moves_to_the_other_database,
    what_is_there_is_replaced_only_on_request,
);

const CLIENTS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(60);
const EMAIL: &str = "user@example.com";

/// What the command prints. It must succeed.
fn done(setup: &Setup, arguments: &[&str]) -> String {
    let output = setup.run(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(setup: &Setup, arguments: &[&str]) -> String {
    let output = setup.run(arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// The keys are not in a backup: they are copied, as an operator does.
fn copy_keys(from: &Setup, to: &Setup) {
    let keys = |setup: &Setup| setup.folder().join("data").join("keys");
    fs::create_dir_all(keys(to)).unwrap();
    for key in keys(from).read_dir().unwrap() {
        let key = key.unwrap().path();
        fs::copy(&key, keys(to).join(key.file_name().unwrap())).unwrap();
    }
}

/// A service on the other database.
async fn other_than(setup: &Setup) -> Setup {
    match setup.database_url() {
        Some(_) => Setup::sqlite(),
        None => Setup::postgres().await,
    }
}

/// Another service on the same kind of database.
async fn like(setup: &Setup) -> Setup {
    match setup.database_url() {
        Some(_) => Setup::postgres().await,
        None => Setup::sqlite(),
    }
}

fn file(setup: &Setup) -> String {
    setup.folder().join("backup.db").to_str().unwrap().to_owned()
}

/// A service out of a backup.
fn restored(from: &Setup, to: Setup, file: &str) -> App {
    copy_keys(from, &to);
    let printed = done(&to, &["restore", file]);
    assert!(printed.contains(" is restored into "), "{printed}");
    to.start()
}

async fn ids(user: &Client) -> Vec<String> {
    let contacts = user.pages("/contacts", &[("limit", "200")]).await.concat();
    contacts.iter().map(|contact| contact["id"].as_str().unwrap().to_owned()).collect()
}

async fn a_backup_under_load_holds_every_write_that_was_acknowledged_before(app: App) {
    let user = app.register(EMAIL).await;
    let (acknowledged, over) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<AtomicBool>::default());
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (user, acknowledged, over) = (user.clone(), acknowledged.clone(), over.clone());
        clients.spawn(async move {
            while !over.load(Ordering::SeqCst) {
                let contact = user.create(named("Ada", "Lovelace")).await;
                acknowledged.lock().unwrap().push(contact["id"].as_str().unwrap().to_owned());
            }
        });
    }
    let many = |count: usize| {
        let acknowledged = acknowledged.clone();
        eventually("the clients are at work", PATIENCE, async move || {
            (acknowledged.lock().unwrap().len() >= count).then_some(())
        })
    };
    many(10 * CLIENTS).await;
    let before = acknowledged.lock().unwrap().clone();
    let file = file(app.setup());
    // Beside the clients, who go on.
    let backup = app.setup().spawn(&["backup", &file]);
    let (status, log) = tokio::task::spawn_blocking(move || backup.ended()).await.unwrap();
    assert!(status.success(), "{log}");
    let after = acknowledged.lock().unwrap().len();
    many(after + CLIENTS).await;
    over.store(true, Ordering::SeqCst);
    clients.join_all().await;

    let copy = restored(app.setup(), like(app.setup()).await, &file);
    let user = copy.api().with_token(user.token());
    let kept = ids(&user).await;
    for id in &before {
        assert!(kept.contains(id), "{id} was acknowledged before the backup began, and is lost");
    }
    // Nothing is torn: the next write has the next number, and every contact is found by its words.
    user.create(ada()).await;
    let found = user
        .get("/contacts?q=lovelace&limit=1")
        .header(HeaderName::from_static("prefer"), "count=exact")
        .await
        .expect(200)
        .json();
    assert_eq!(found["total"], kept.len() + 1);
}

async fn a_backup_moves_to_the_other_database(app: App) {
    let user = app.register(EMAIL).await;
    let details = json!({"labels": ["VIP", "Łódź"], "additional_data": "tea 🧮", "birthday": "--02-29"});
    let contact = user.create(merged(ada(), details)).await;
    let gone = user.create(named("Somebody", "Else")).await;
    user.delete(&path_of(&gone)).await.expect(204);
    let token = user.get("/contacts/changes").await.expect(200).json()["next_token"].as_str().unwrap().to_owned();
    let file = file(app.setup());
    let rows: Value = serde_json::from_str(&done(app.setup(), &["backup", &file, "--json"])).unwrap();
    assert_eq!((&rows["rows"]["users"], &rows["rows"]["contacts"]), (&json!(1), &json!(2)));

    let moved = restored(app.setup(), other_than(app.setup()).await, &file);
    let there = moved.api().with_token(user.token());
    assert_eq!(there.get(&path_of(&contact)).await.expect(200).json(), contact);
    let found = there.list(&[("q", "lodz")]).await;
    assert_eq!((&found["items"][0]["id"], found["items"].as_array().unwrap().len()), (&contact["id"], 1));
    assert_eq!(there.get("/contacts/trash").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    there.get("/contacts/changes").query(&[("since", &token)]).await.problem(410, "sync_token_expired");
    moved.api().log_in(EMAIL, PASSWORD).await.expect(200);
}

async fn what_is_there_is_replaced_only_on_request(app: App) {
    app.register(EMAIL).await;
    let file = file(app.setup());
    done(app.setup(), &["backup", &file]);
    assert!(refused(app.setup(), &["backup", &file]).contains("--force"));
    done(app.setup(), &["backup", &file, "--force"]);
    app.register("later@example.com").await;
    let setup = app.stop().0;
    let left = refused(&setup, &["restore", &file]);
    assert!(left.contains("has 2 users: nothing was changed. --replace"), "{left}");
    done(&setup, &["restore", &file, "--replace"]);
    fs::write(Path::new(&file), "no backup").unwrap();
    assert!(refused(&setup, &["restore", &file, "--replace"]).contains("it is no backup of this service"));
    let app = setup.start();
    app.api().log_in(EMAIL, PASSWORD).await.expect(200);
    app.api().log_in("later@example.com", PASSWORD).await.problem(401, "invalid_credentials");
}
