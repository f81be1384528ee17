//! Many who try passwords at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use reqwest::Url;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{harness::App, load};

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

    /// How many logins were answered until now.
    pub(crate) fn answered(&self) -> usize {
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
        // The queue has room for all of them, and the last one is served before it has waited for too long.
        assert_eq!(answer.status(), 401);
        shared.answered.fetch_add(1, Ordering::Relaxed);
    }
}
