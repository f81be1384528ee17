//! Nobody can tell from the time of a login whether an account exists.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{
    harness::Client,
    options::Options,
    place::Place,
    report::{Figures, Report},
    statistics::Times,
};

/// How many accounts there are, and as many that do not exist.
const ACCOUNTS: usize = 10;
/// At the least cost the hash hides nothing, and more can be compared in the same time.
const LEAST_COST: u32 = 4;
const MORE_PAIRS: usize = 10;

/// Unknown users and wrong passwords in turns, and once more where the hash hides nothing.
pub(crate) async fn run(place: Place, options: &Options, report: &mut Report) {
    let [unknown, wrong] = compare(place, options.cost, options.pairs).await;
    report.promise(place, "login, median: unknown user to wrong password", Figures::Times(unknown, wrong), 0.95..=1.05);
    let [unknown_at_least, wrong_at_least] = compare(place, LEAST_COST, options.pairs * MORE_PAIRS).await;
    report.record(place, "the same at the least cost of bcrypt", Figures::Times(unknown_at_least, wrong_at_least));
    // All but the hash is less than a login at the least cost.
    let what = format!("login: at the least cost of bcrypt, to cost {}", options.cost);
    report.record(place, &what, Figures::Times(wrong_at_least, wrong));
}

async fn compare(place: Place, cost: u32, pairs: usize) -> [Duration; 2] {
    eprintln!("bench: {}: {pairs} pairs of logins at cost {cost}", place.name());
    let app = place.setup(cost).await.start();
    let api = app.api();
    for index in 0..ACCOUNTS {
        api.register(&known(index), json!({})).await.expect(201);
    }
    let (mut unknown_user, mut wrong_password) = (Times::default(), Times::default());
    for index in 0..ACCOUNTS {
        time(&api, &unknown(index), &mut Times::default()).await;
        time(&api, &known(index), &mut Times::default()).await;
    }
    for index in 0..pairs {
        // Whatever the second one of a pair finds is found by both kinds in turns.
        if index % 2 == 0 {
            time(&api, &unknown(index), &mut unknown_user).await;
            time(&api, &known(index), &mut wrong_password).await;
        } else {
            time(&api, &known(index), &mut wrong_password).await;
            time(&api, &unknown(index), &mut unknown_user).await;
        }
    }
    [unknown_user.median(), wrong_password.median()]
}

fn known(index: usize) -> String {
    format!("somebody-{}@example.com", index % ACCOUNTS)
}

fn unknown(index: usize) -> String {
    format!("whatever-{}@example.com", index % ACCOUNTS)
}

async fn time(api: &Client, email: &str, times: &mut Times) {
    let sent = Instant::now();
    api.log_in(email, "no password of anybody").await.problem(401, "invalid_credentials");
    times.push(sent.elapsed());
}
