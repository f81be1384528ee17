//! PostgreSQL is killed in the middle of work, and started again.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::harness::{Client, PostgresServer, eventually, named};

const WRITERS: usize = 16;

/// So long that only a service that does not return by itself exceeds it.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the writers have come to.
#[derive(Default)]
struct Tally {
    created: AtomicUsize,
    refused: AtomicUsize,
    enough: AtomicBool,
}

/// Creates one contact after the other, and returns the ids of those that were acknowledged.
async fn write(user: Client, writer: usize, tally: Arc<Tally>) -> Vec<String> {
    let mut acknowledged = Vec::new();
    while !tally.enough.load(Ordering::SeqCst) {
        let answer = user.post("/contacts", named("Writer", &format!("Number {writer}"))).await;
        if answer.status == 201 {
            acknowledged.push(answer.json()["id"].as_str().unwrap().to_owned());
            tally.created.fetch_add(1, Ordering::SeqCst);
        } else {
            answer.problem(503, "unavailable");
            assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0, "{answer}");
            tally.refused.fetch_add(1, Ordering::SeqCst);
        }
    }
    acknowledged
}

/// Whether the count has passed this number.
async fn pass(what: &str, count: &AtomicUsize, number: usize) {
    eventually(what, PATIENCE, async || {
        tokio::task::yield_now().await;
        (count.load(Ordering::SeqCst) > number).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_database_that_is_killed_under_load_nothing_acknowledged_is_lost_and_service_returns_by_itself() {
    let mut postgres = PostgresServer::start().await;
    let app = postgres.setup().start();
    let user = app.register("user@example.com").await;
    let tally = Arc::<Tally>::default();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write(user.clone(), writer, tally.clone()));
    }
    let (root, done) = (app.root(), tally.clone());
    let alive = tokio::spawn(async move {
        while !done.enough.load(Ordering::SeqCst) {
            root.get("/healthz").await.expect(200);
        }
    });

    pass("the writers are at work", &tally.created, 100).await;
    postgres.kill();
    pass("all have heard that the database is away", &tally.refused, WRITERS).await;
    app.root().get("/readyz").await.problem(503, "unavailable");

    let created = tally.created.load(Ordering::SeqCst);
    let postgres = tokio::task::spawn_blocking(move || {
        postgres.start_again();
        postgres
    });
    let postgres = postgres.await.unwrap();
    let back = Instant::now();
    eventually("the service is ready", PATIENCE, async || {
        (app.root().get("/readyz").await.status == 200).then_some(())
    })
    .await;
    eprintln!("ready {:?} after the database was", back.elapsed());
    pass("the writers are at work again", &tally.created, created + WRITERS).await;
    tally.enough.store(true, Ordering::SeqCst);
    alive.await.unwrap();

    let acknowledged: BTreeSet<_> = writers.join_all().await.into_iter().flatten().collect();
    let pages = user.pages("/contacts", &[("limit", "200")]).await;
    let found: BTreeSet<_> = pages.iter().flatten().map(|contact| contact["id"].as_str().unwrap().to_owned()).collect();
    let lost: Vec<_> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "of {} contacts these are lost: {lost:?}", acknowledged.len());
    drop((app, postgres));
}
