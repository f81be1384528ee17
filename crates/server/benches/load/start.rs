//! How long a server takes from nothing to its first answer.

use std::time::{Duration, Instant};

use crate::{
    load,
    options::Options,
    place::Place,
    report::{Figures, Report},
};

const MOST: Duration = Duration::from_millis(100);

pub(crate) async fn run(place: Place, options: &Options, report: &mut Report) {
    let mut times = Vec::new();
    for _ in 0..options.rounds {
        let setup = place.setup(4).await;
        let client = load::connection();
        let begun = Instant::now();
        let app = setup.start();
        let answer = client.get(app.origin().join("/readyz").unwrap()).send().await.unwrap();
        times.push(begun.elapsed());
        assert_eq!(answer.status(), 200);
    }
    times.sort_unstable();
    let pair = Figures::Times(times[times.len() / 2], MOST);
    let what = "from the start with an empty folder to the first answer: to 100 ms";
    match place {
        Place::Sqlite => report.promise(place, what, pair, 0.0..=1.0),
        // It waits for another server.
        Place::PostgresAndRedis => report.record(place, what, pair),
    }
}
