//! A flood of logins does not slow those who read.

use std::time::Duration;

use reqwest::Request;

use crate::{
    flood::Flood,
    harness::{App, people},
    load::{self, Pace},
    options::Options,
    place::Place,
    report::{Figures, Report},
    statistics::{Rate, Rounds},
};

const READER: &str = "reader@example.com";
const VICTIM: &str = "victim@example.com";
/// How often the user has the same 80 people: there is more than a page.
const COPIES: usize = 5;
/// 160 requests a second of all readers together.
const CALM: Pace = Pace::Every(Duration::from_millis(50));

/// One way to read, and what it costs.
struct Reading {
    what: &'static str,
    request: Request,
    pace: Pace,
    quiet: Rounds,
    flooded: Rounds,
}

pub(crate) async fn run(place: Place, options: &Options, report: &mut Report) {
    let app = place.setup(options.cost).await.start();
    app.register(VICTIM).await;
    let mut readings = readings(&app).await;
    let (mut alone, mut beside_busy_readers) = (Rate::default(), Rate::default());
    for round in 1..=options.rounds {
        eprintln!("bench: {}: readers in a flood of logins, round {round} of {}", place.name(), options.rounds);
        for reading in &mut readings {
            reading.quiet.push(load::read(&reading.request, reading.pace, options.time).await);
        }
        let flood = Flood::begin(&app, VICTIM).await;
        alone.add(flood.during(tokio::time::sleep(options.time)).await.1);
        for reading in &mut readings {
            let (times, logins) = flood.during(load::read(&reading.request, reading.pace, options.time)).await;
            reading.flooded.push(times);
            if matches!(reading.pace, Pace::AtOnce) {
                beside_busy_readers.add(logins);
            }
        }
        flood.end().await;
    }

    for Reading { what, quiet, flooded, .. } in &readings {
        let pair = Figures::Times(flooded.p99(), quiet.p99());
        report.promise(place, &format!("{what}, p99: in a flood of logins to quiet"), pair, 0.0..=3.0);
        let pair = Figures::Times(flooded.median(), quiet.median());
        report.record(place, &format!("{what}, median: the same"), pair);
    }
    let pair = Figures::Rates(beside_busy_readers.per_second(), alone.per_second());
    report.record(place, "logins of the flood: beside readers who ask at once to alone", pair);
}

async fn readings(app: &App) -> [Reading; 4] {
    let user = app.register(READER).await;
    for _ in 0..COPIES {
        user.create_all(&people()).await;
    }
    let page = user.list(&[]).await;
    let one = format!("/contacts/{}", page["items"][0]["id"].as_str().unwrap());
    [
        ("one contact, readers who ask at once", one.as_str(), Pace::AtOnce),
        ("a page of 50, readers who ask at once", "/contacts", Pace::AtOnce),
        ("one contact, readers with time", one.as_str(), CALM),
        ("a page of 50, readers with time", "/contacts", CALM),
    ]
    .map(|(what, path, pace)| {
        let request = load::get(app, &user, path);
        Reading { what, request, pace, quiet: Rounds::default(), flooded: Rounds::default() }
    })
}
