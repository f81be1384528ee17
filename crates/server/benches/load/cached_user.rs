//! What remembering users is worth to a request.

use reqwest::Request;

use crate::{
    harness::{App, ada},
    load::{self, Pace},
    options::Options,
    place::Place,
    report::{Figures, Report},
    statistics::Rate,
};

/// Nobody listens here: with a Redis that is away every request asks the database who sends it.
const NO_REDIS: &str = "redis://127.0.0.1:1";

/// A server, and what is asked of it.
struct Side {
    /// Ends when this is dropped.
    _app: App,
    /// Of which the first needs no more than the user.
    requests: [Request; 2],
    rates: [Rate; 2],
}

impl Side {
    async fn begin(app: App) -> Self {
        let user = app.register("reader@example.com").await;
        let contact = user.create(ada()).await;
        let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
        let requests = [load::get(&app, &user, "/users/me"), load::get(&app, &user, &path)];
        Self { _app: app, requests, rates: Default::default() }
    }

    async fn read(&mut self, kind: usize, options: &Options) {
        let times = load::read(&self.requests[kind], Pace::AtOnce, options.time).await;
        self.rates[kind].add(Rate::of(times.count(), options.time));
    }
}

pub(crate) async fn run(place: Place, options: &Options, report: &mut Report) {
    let mut cached = Side::begin(place.setup(options.cost).await.start()).await;
    let mut uncached = Side::begin(place.setup(options.cost).await.env("REDIS_URL", NO_REDIS).start()).await;
    let whats = ["the user alone", "one contact"];
    for round in 1..=options.rounds {
        eprintln!("bench: {}: reading as a known user, round {round} of {}", place.name(), options.rounds);
        for kind in 0..whats.len() {
            cached.read(kind, options).await;
            uncached.read(kind, options).await;
        }
    }
    for ((what, cached), uncached) in whats.iter().zip(&cached.rates).zip(&uncached.rates) {
        let pair = Figures::Rates(cached.per_second(), uncached.per_second());
        report.record(place, &format!("reading {what}: user cached to not cached"), pair);
    }
}
