//! Replicas are replaced one after the other, and nobody notices.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use tokio::task::JoinSet;

use super::EMAIL;
use crate::harness::{Balancer, Client, Process, RedisServer, Setup, eventually, named};

const CLIENTS: usize = 10;

/// So long that only a service that hangs exceeds it.
const PATIENCE: Duration = Duration::from_secs(60);

/// What clients tell of their work, and are told.
#[derive(Default)]
struct Shared {
    answered: AtomicUsize,
    over: AtomicBool,
}

impl Shared {
    /// Waits until there were many answers more: whoever is behind the balancer now is at work.
    async fn many_more(&self) {
        let before = self.answered.load(Ordering::SeqCst);
        eventually("the clients are at work", PATIENCE, async || {
            tokio::task::yield_now().await;
            (self.answered.load(Ordering::SeqCst) > before + 20 * CLIENTS).then_some(())
        })
        .await;
    }
}

/// Reads and writes until it is over; what was created. Whatever else is answered, or not answered, is a panic.
async fn ask(user: Client, shared: Arc<Shared>) -> Vec<String> {
    let mut created = Vec::new();
    while !shared.over.load(Ordering::SeqCst) {
        let contact = user.post("/contacts", named("Ada", "Lovelace")).await.expect(201).json();
        let id = contact["id"].as_str().unwrap().to_owned();
        user.get(&format!("/contacts/{id}")).await.expect(200);
        created.push(id);
        shared.answered.fetch_add(2, Ordering::SeqCst);
    }
    created
}

async fn until_it_is_going(replica: &Process) {
    let root = Client::at(&replica.listening());
    eventually("/readyz says that the replica is going", PATIENCE, async || {
        let answer = root.get("/readyz").await;
        (answer.status != 200).then(|| answer.problem(503, "shutting_down"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_under_load_fails_no_request() {
    let redis = RedisServer::start();
    let setup = Setup::postgres().await.env("REDIS_URL", redis.url()).env("SHUTDOWN_DRAIN", "1s");
    let balancer = Balancer::new();
    let start = || {
        let replica = setup.spawn(&["serve"]);
        balancer.add(&replica.listening());
        replica
    };
    let replicas = [start(), start()];
    let api = Client::of(balancer.origin());
    api.register(EMAIL, json!({})).await.expect(201);
    let token = api.logged_in(EMAIL).await.token().to_owned();

    let shared = Arc::<Shared>::default();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(ask(Client::of(balancer.origin()).with_token(&token), shared.clone()));
    }
    shared.many_more().await;
    let mut successors = Vec::new();
    for replica in replicas {
        replica.signal("TERM");
        // As balancers do that ask whether it is ready.
        until_it_is_going(&replica).await;
        balancer.remove(&replica.listening());
        let (status, log) = replica.ended();
        assert_eq!(status.code(), Some(0), "{log}");
        shared.many_more().await;
        successors.push(start());
        shared.many_more().await;
    }
    shared.over.store(true, Ordering::SeqCst);
    let created = clients.join_all().await.concat();
    let pages = api.with_token(&token).pages("/contacts", &[("limit", "200")]).await.concat();
    let kept: std::collections::HashSet<_> = pages.iter().map(|contact| contact["id"].as_str().unwrap()).collect();
    assert!(created.iter().all(|id| kept.contains(id.as_str())), "what was acknowledged is kept");
    assert_eq!(created.len(), kept.len());
}
