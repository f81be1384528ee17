//! Many who try passwords at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::Url;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{harness::App, load, statistics::Rate};

/// How many try, each again and again.
const FLOODERS: usize = 50;

/// A flood of logins, until it is [ended](Self::end).
pub(crate) struct Flood {
    shared: Arc<Shared>,
    flooders: JoinSet<()>,
}

#[derive(Default)]
struct Shared {
    over: AtomicBool,
    answered: AtomicUsize,
}

impl Flood {
    /// Tries wrong passwords at this account. Returns when every core has a password to hash, and others wait.
    pub(crate) async fn begin(app: &App, email: &'static str) -> Self {
        let url = Url::parse(&format!("{}api/v1/auth/login", app.origin())).unwrap();
        let shared = Arc::<Shared>::default();
        let mut flooders = JoinSet::new();
        for _ in 0..FLOODERS {
            flooders.spawn(try_passwords(url.clone(), email, shared.clone()));
        }
        let flood = Self { shared, flooders };
        // Every one of them was sent before the first one is answered: hashing is slow.
        while flood.answered() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        flood
    }

    /// How many passwords are tried while something else happens.
    pub(crate) async fn during<T>(&self, what: impl Future<Output = T>) -> (T, Rate) {
        let (before, begin) = (self.answered(), Instant::now());
        let result = what.await;
        (result, Rate::of(self.answered() - before, begin.elapsed()))
    }

    fn answered(&self) -> usize {
        self.shared.answered.load(Ordering::Relaxed)
    }

    /// Ends when the last one who waits has an answer: what follows finds a server in peace.
    pub(crate) async fn end(self) {
        self.shared.over.store(true, Ordering::Relaxed);
        self.flooders.join_all().await;
    }
}

async fn try_passwords(url: Url, email: &str, shared: Arc<Shared>) {
    let client = load::connection();
    let body = json!({"email": email, "password": "no password of anybody"}).to_string();
    while !shared.over.load(Ordering::Relaxed) {
        let login = client.post(url.clone()).header("content-type", "application/json").body(body.clone());
        let answer = login.send().await.expect("the server answers");
        match answer.status().as_u16() {
            401 => _ = shared.answered.fetch_add(1, Ordering::Relaxed),
            // It has waited in the queue for as long as anybody may, and comes back, as a flood does.
            503 => {}
            status => panic!("a login was answered with {status}"),
        }
    }
}
