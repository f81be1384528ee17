//! A flood of logins does not slow those who read.

use std::time::{Duration, Instant};

use crate::{
    flood::Flood,
    harness::people,
    load::{self, Pace},
    options::Options,
    place::Place,
    report::{Pair, Report},
    statistics::{Rate, Times},
};

const READER: &str = "reader@example.com";
const VICTIM: &str = "victim@example.com";
/// How often the user has the same 80 people: there is more than a page.
const COPIES: usize = 5;
/// 160 requests a second of all readers together.
const CALM: Pace = Pace::Every(Duration::from_millis(50));

pub(crate) async fn run(place: Place, options: &Options, report: &mut Report) {
    let app = place.setup(options.cost).await.start();
    app.register(VICTIM).await;
    let user = app.register(READER).await;
    for _ in 0..COPIES {
        user.create_all(&people()).await;
    }
    let page = user.list(&[]).await;
    let one = load::get(&app, &user, &format!("/contacts/{}", page["items"][0]["id"].as_str().unwrap()));
    let list = load::get(&app, &user, "/contacts");
    let kinds = [
        ("one contact, readers who ask at once", &one, Pace::AtOnce),
        ("a page of 50, readers who ask at once", &list, Pace::AtOnce),
        ("one contact, readers with time", &one, CALM),
        ("a page of 50, readers with time", &list, CALM),
    ];

    let mut quiet = kinds.each_ref().map(|_| Times::default());
    let mut flooded = kinds.each_ref().map(|_| Times::default());
    let (mut logins_alone, mut logins_beside_readers) = (Rate::default(), Rate::default());
    for round in 1..=options.rounds {
        eprintln!("bench: {}: readers in a flood of logins, round {round} of {}", place.name(), options.rounds);
        for ((_, request, pace), times) in kinds.iter().zip(&mut quiet) {
            times.extend(load::read(request, *pace, options.time).await);
        }
        let flood = Flood::begin(&app, VICTIM).await;
        let (answered, began) = (flood.answered(), Instant::now());
        tokio::time::sleep(options.time).await;
        logins_alone.add(flood.answered() - answered, began.elapsed());
        let (answered, began) = (flood.answered(), Instant::now());
        for ((_, request, pace), times) in kinds.iter().zip(&mut flooded) {
            times.extend(load::read(request, *pace, options.time).await);
        }
        logins_beside_readers.add(flood.answered() - answered, began.elapsed());
        flood.end().await;
    }

    for (((what, ..), quiet), flooded) in kinds.iter().zip(&quiet).zip(&flooded) {
        report.promise(
            place,
            &format!("{what}, p99: in a flood of logins to quiet"),
            Pair::Times(flooded.p99(), quiet.p99()),
            0.0..=3.0,
        );
        report.record(place, &format!("{what}, median: the same"), Pair::Times(flooded.median(), quiet.median()));
    }
    let logins = Pair::Rates(logins_beside_readers.per_second(), logins_alone.per_second());
    report.record(place, "logins of the flood: beside readers to alone", logins);
}
