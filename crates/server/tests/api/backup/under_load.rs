//! An archive is written while clients write.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::task::{JoinSet, spawn_blocking};

use super::{done, fresh, with_keys};
use crate::harness::{Client, Setup, ada, eventually, merged, on_both_databases};

on_both_databases!(whatever_was_acknowledged_before_a_backup_is_in_it_and_nothing_is_torn);

const USERS: usize = 3;
const CLIENTS_EACH: usize = 2;

/// Ids of contacts, by user, whose creation was answered.
type Acknowledged = Arc<Mutex<Vec<BTreeSet<String>>>>;

fn count(acknowledged: &Acknowledged) -> usize {
    acknowledged.lock().unwrap().iter().map(BTreeSet::len).sum()
}

fn email(user: usize) -> String {
    format!("user{user}@example.com")
}

async fn whatever_was_acknowledged_before_a_backup_is_in_it_and_nothing_is_torn(setup: Setup) {
    let app = with_keys(setup).start();
    let acknowledged: Acknowledged = Arc::new(Mutex::new(vec![BTreeSet::new(); USERS]));
    let enough = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for user in 0..USERS {
        let client = app.register(&email(user)).await;
        for _ in 0..CLIENTS_EACH {
            clients.spawn(write(client.clone(), user, acknowledged.clone(), enough.clone()));
        }
    }

    let patience = Duration::from_secs(60);
    eventually("some contacts", patience, async || (count(&acknowledged) >= 50).then_some(())).await;
    let archive = app.setup().folder().join("contacts.jsonl.gz");
    let before = loop {
        let before = acknowledged.lock().unwrap().clone();
        let backup = app.setup().spawn(&["backup", archive.to_str().unwrap(), "--force"]);
        let (status, said) = spawn_blocking(move || backup.ended()).await.unwrap();
        assert!(status.success(), "{said}");
        // One during which nobody wrote would show nothing.
        if count(&acknowledged) > before.iter().map(BTreeSet::len).sum() {
            break before;
        }
    };
    enough.store(true, Ordering::Relaxed);
    clients.join_all().await;
    let all = acknowledged.lock().unwrap().clone();

    let target = fresh(app.setup()).await;
    done(target.run(&["restore", archive.to_str().unwrap()]));
    assert_whole(&target).await;
    let restored = target.start();
    for (user, (before, all)) in before.iter().zip(&all).enumerate() {
        let client = restored.api().logged_in(&email(user)).await;
        let pages = client.pages("/contacts", &[("limit", "200")]).await;
        let there: BTreeSet<String> = pages.concat().iter().map(|contact| text(&contact["id"])).collect();
        assert!(there.is_superset(before), "lost: {:?}", before.difference(&there));
        // Of two clients each may have had one more under way.
        assert!(there.difference(all).count() == 0, "never acknowledged: {:?}", there.difference(all));
        let found = client.pages("/contacts", &[("q", "written"), ("limit", "200")]).await.concat();
        assert_eq!(found.len(), there.len(), "the index has all of them");
    }
}

/// Creates contacts, one after the other, until there are enough.
async fn write(client: Client, user: usize, acknowledged: Acknowledged, enough: Arc<AtomicBool>) {
    while !enough.load(Ordering::Relaxed) {
        let contact = client.create(merged(ada(), json!({"labels": ["Written"]}))).await;
        acknowledged.lock().unwrap()[user].insert(text(&contact["id"]));
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Each book counts exactly what is in it, and each contact has its label: both were written in its transaction.
async fn assert_whole(setup: &Setup) {
    let torn = "SELECT 'torn' AS text FROM address_books b \
        WHERE seq <> (SELECT count(*) FROM contacts c WHERE c.address_book_id = b.id) \
        OR seq <> (SELECT max(seq) FROM contacts c WHERE c.address_book_id = b.id) OR creations <> seq \
        OR seq <> (SELECT count(*) FROM contact_labels l WHERE l.owner_id = b.owner_id)";
    assert_eq!(setup.sql(torn).await, [""; 0]);
    assert_eq!(setup.sql("SELECT CAST(count(*) AS TEXT) AS text FROM address_books").await, [USERS.to_string()]);
    // PostgreSQL has checked each row.
    if setup.database_url().is_none() {
        assert_eq!(setup.sql("SELECT \"table\" AS text FROM pragma_foreign_key_check").await, [""; 0]);
        assert_eq!(setup.sql("SELECT integrity_check AS text FROM pragma_integrity_check").await, ["ok"]);
    }
}
