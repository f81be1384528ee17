//! The changes feed: how a client keeps a copy.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::{App, Client, ada, faults, named, on_both_databases, path_of};

on_both_databases!(
    a_client_that_follows_while_8_write_ends_with_exactly_the_contacts,
    everything_comes_first_and_then_what_changed,
    a_page_ends_with_the_token_of_its_last_change,
    an_unknown_token_is_gone,
    after_a_backup_was_restored_clients_read_everything_anew,
    the_parameters_are_judged,
);

/// A copy of an address book.
#[derive(Default)]
struct Replica {
    contacts: BTreeMap<String, Value>,
    token: Option<String>,
}

impl Replica {
    /// Takes over one page, and says whether there is more.
    async fn follow(&mut self, user: &Client, limit: &str) -> bool {
        let mut query = vec![("limit", limit)];
        query.extend(self.token.as_deref().map(|token| ("since", token)));
        let page = user.get("/contacts/changes").query(&query).await.expect(200).json();
        for change in page["changes"].as_array().unwrap() {
            let id = change["id"].as_str().unwrap().to_owned();
            if change["deleted"] == true {
                assert!(change.get("contact").is_none_or(Value::is_null), "{change}");
                self.contacts.remove(&id);
            } else {
                assert_eq!(change["contact"]["id"], change["id"]);
                self.contacts.insert(id, change["contact"].clone());
            }
        }
        self.token = Some(page["next_token"].as_str().unwrap().to_owned());
        page["has_more"].as_bool().unwrap()
    }

    async fn follow_to_the_end(&mut self, user: &Client, limit: &str) {
        while self.follow(user, limit).await {}
    }
}

async fn contacts(user: &Client) -> BTreeMap<String, Value> {
    let pages = user.pages("/contacts", &[("limit", "200")]).await;
    pages.concat().into_iter().map(|contact| (contact["id"].as_str().unwrap().to_owned(), contact)).collect()
}

/// Creates, changes, deletes and restores, so many times.
async fn write(user: Client, writer: usize) {
    let mut own: Vec<Value> = Vec::new();
    for step in 0..40_usize {
        match (step % 4, own.get(step / 2 % own.len().max(1)).cloned()) {
            (1, Some(contact)) => {
                user.patch(&path_of(&contact), json!({"first_name": format!("Step {step}")})).await;
            }
            (2, Some(contact)) => {
                user.delete(&path_of(&contact)).await;
            }
            (3, Some(contact)) if step % 8 == 3 => {
                user.post(&format!("{}/restore", path_of(&contact)), json!({})).await;
            }
            _ => own.push(user.create(named("Writer", &format!("Number {writer}"))).await),
        }
    }
}

async fn a_client_that_follows_while_8_write_ends_with_exactly_the_contacts(app: App) {
    let user = app.register("user@example.com").await;
    let done = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        writers.spawn(write(user.clone(), writer));
    }
    let follower = tokio::spawn({
        let (user, done) = (user.clone(), done.clone());
        async move {
            let mut replica = Replica::default();
            while !done.load(Ordering::SeqCst) {
                replica.follow(&user, "3").await;
            }
            replica.follow_to_the_end(&user, "7").await;
            replica
        }
    });
    writers.join_all().await;
    done.store(true, Ordering::SeqCst);
    let replica = follower.await.unwrap();
    let expected = contacts(&user).await;
    assert!(expected.len() > 8, "{}", expected.len());
    assert_eq!(replica.contacts, expected);
    let mut fresh = Replica::default();
    fresh.follow_to_the_end(&user, "11").await;
    assert_eq!(fresh.contacts, expected);
}

async fn everything_comes_first_and_then_what_changed(app: App) {
    let user = app.register("user@example.com").await;
    let mut replica = Replica::default();
    assert!(!replica.follow(&user, "500").await);
    let beginning = replica.token.clone().unwrap();
    let (one, two) = (user.create(ada()).await, user.create(ada()).await);
    replica.follow_to_the_end(&user, "500").await;
    assert_eq!(replica.contacts, contacts(&user).await);

    user.patch(&path_of(&one), json!({"first_name": "Augusta", "labels": ["Countess"]})).await.expect(200);
    user.delete(&path_of(&two)).await.expect(204);
    let query = [("since", replica.token.as_deref().unwrap())];
    let page = user.get("/contacts/changes").query(&query).await.expect(200).json();
    let changes = page["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 2);
    assert_eq!((&changes[0]["id"], &changes[0]["deleted"]), (&one["id"], &json!(false)));
    assert_eq!(changes[0]["contact"]["labels"], json!(["Countess"]));
    let read = user.get(&path_of(&one)).await.expect(200);
    assert_eq!(
        (read.json(), read.header("etag")),
        (changes[0]["contact"].clone(), changes[0]["etag"].as_str().unwrap())
    );
    assert_eq!((&changes[1]["id"], &changes[1]["deleted"]), (&two["id"], &json!(true)));

    // Without a token: what is there, and no graves. Since the beginning: the graves too.
    let all = user.get("/contacts/changes").await.expect(200).json();
    assert_eq!(all["changes"].as_array().unwrap().len(), 1);
    let since = user.get("/contacts/changes").query(&[("since", &beginning)]).await.expect(200).json();
    assert_eq!(since["changes"].as_array().unwrap().len(), 2);
    // Nothing new: the same token again.
    let quiet = user.get("/contacts/changes").query(&[("since", page["next_token"].as_str().unwrap())]).await;
    assert_eq!(quiet.expect(200).json(), json!({"changes": [], "next_token": page["next_token"], "has_more": false}));
}

async fn a_page_ends_with_the_token_of_its_last_change(app: App) {
    let user = app.register("user@example.com").await;
    let batch: Vec<_> =
        (0..10).map(|number| json!({"op": "create", "contact": named("A", &format!("{number}"))})).collect();
    user.post("/contacts/batch", json!({"operations": batch})).await.expect(200);
    let mut replica = Replica::default();
    assert!(replica.follow(&user, "4").await);
    assert_eq!(replica.contacts.len(), 4);
    // What is written now is not skipped, whatever its number is.
    let late = user.create(ada()).await;
    replica.follow_to_the_end(&user, "4").await;
    assert_eq!(replica.contacts.len(), 11);
    assert!(replica.contacts.contains_key(late["id"].as_str().unwrap()));
}

async fn an_unknown_token_is_gone(app: App) {
    let (user, other) = (app.register("user@example.com").await, app.register("other@example.com").await);
    let token = async |client: &Client| {
        client.get("/contacts/changes").await.expect(200).json()["next_token"].as_str().unwrap().to_owned()
    };
    let foreign = token(&other).await;
    user.get("/contacts/changes").query(&[("since", &foreign)]).await.problem(410, "sync_token_expired");
}

async fn after_a_backup_was_restored_clients_read_everything_anew(app: App) {
    let user = app.register("user@example.com").await;
    user.create(ada()).await;
    let mut replica = Replica::default();
    replica.follow_to_the_end(&user, "500").await;
    let token = replica.token.clone().unwrap();

    let output = app.setup().run(&["changes", "restart"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Clients of 1 address book will read all contacts anew.\n");
    // Though there are more changes than the token had seen.
    for _ in 0..3 {
        user.create(ada()).await;
    }
    user.get(&format!("/contacts/changes?since={token}")).await.problem(410, "sync_token_expired");
    let mut replica = Replica::default();
    replica.follow_to_the_end(&user, "2").await;
    assert_eq!(replica.contacts, contacts(&user).await);
}

async fn the_parameters_are_judged(app: App) {
    let user = app.register("user@example.com").await;
    let get = async |query: &str| user.get(&format!("/contacts/changes?{query}")).await;
    let nonsense = get("since=nonsense").await.problem(422, "invalid_sync_token");
    assert_eq!(faults(&nonsense), [("/since", "invalid_sync_token")]);
    get("limit=0&since=").await.refused(&[("/limit", "out_of_range"), ("/since", "invalid_sync_token")]);
    get("cursor=x").await.refused(&[("/cursor", "unknown_parameter")]);
    get("limit=5000").await.expect(200);
    app.api().get("/contacts/changes").await.expect(401);
}
