//! How close the service comes to a server that does the least there is to do.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    floor,
    harness::{App, Client},
    load,
    options::Options,
    place::Place,
    report::{Pair, Report},
    wrk::{self, Run},
};

const CONTACTS: usize = 1_000;
const BATCH: usize = 500;
/// How many contacts a search finds, and have their birthday in the window.
const FOUND: usize = 20;
/// Both servers have as many.
const WORKERS: usize = 2;

/// The command of this program that is the floor: the database and the owner follow it.
pub(crate) const FLOOR: &str = "floor";

/// Serves as the floor, where this process was started as such.
pub(crate) fn is_floor() -> bool {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() != Some(FLOOR) {
        return false;
    }
    let (database, owner) = (arguments.next().unwrap(), arguments.next().unwrap());
    floor::serve(&database, owner.parse().unwrap(), WORKERS).unwrap();
    true
}

/// The process of the floor, which ends with this.
struct Floor {
    child: Child,
    origin: String,
}

impl Floor {
    fn start(database: &str, owner: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command.args([FLOOR, database, owner]).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { child, origin: format!("http://{}", address.trim()) }
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is asked of both, and how much of the floor's rate the service must reach.
struct Question {
    what: &'static str,
    ours: String,
    floors: String,
    promised: f64,
}

pub(crate) async fn run(place: Place, options: &Options, report: &mut Report) {
    let setup = place.setup(4).await;
    let database = setup.database_url();
    let app = setup.start();
    let user = app.register("reader@example.com").await;
    let id = contacts(&user).await;
    // As it is a minute later by itself: without statistics PostgreSQL guesses.
    app.setup().sql("ANALYZE").await;
    // SQLite has no such floor: its rates stand beside those of PostgreSQL's.
    let floor = match database {
        None => None,
        Some(url) => {
            let owner = user.get("/users/me").await.expect(200).json()["id"].as_str().unwrap().to_owned();
            Some(Floor::start(url.as_str(), &owner))
        }
    };
    for question in questions(&app, floor.as_ref().map_or("", |floor| &floor.origin), &id) {
        if floor.is_some() {
            let ours = contacts_in(&question.ours, Some(user.token())).await;
            assert_eq!(ours, contacts_in(&question.floors, None).await, "{}", question.what);
        }
        let mut rates: [Vec<Run>; 2] = Default::default();
        for round in 0..=options.rounds {
            let ours = wrk::run(&question.ours, Some(user.token()), options.time);
            let floors = floor.as_ref().map(|_| wrk::run(&question.floors, None, options.time));
            // The first round warms up.
            if round > 0 {
                rates[0].push(ours);
                rates[1].extend(floors);
            }
        }
        let what = question.what;
        let [ours, floors] = rates;
        let (p50, p99) = wrk::latencies(&ours);
        report.record(place, &format!("{what}: p99 to p50, as fast as it can"), Pair::Times(p99, p50));
        match floors.is_empty() {
            true => {
                report.record(place, &format!("{what}: requests, to one a second"), Pair::Rates(wrk::rate(&ours), 1.0))
            }
            false => {
                let pair = Pair::Rates(wrk::rate(&ours), wrk::rate(&floors));
                report.promise(
                    place,
                    &format!("{what}: the service to the floor"),
                    pair,
                    question.promised..=f64::INFINITY,
                );
            }
        }
    }
}

/// How many contacts an answer holds: only what gives as many results can be compared.
async fn contacts_in(url: &str, token: Option<&str>) -> usize {
    let request = load::connection().get(url).bearer_auth(token.unwrap_or_default());
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    let count = answer.text().await.unwrap().matches("\"first_name\":").count();
    assert!(count > 0, "{url}");
    count
}

/// Creates the contacts, and says how one of them is called.
async fn contacts(user: &Client) -> String {
    let mut id = None;
    for first in (0..CONTACTS).step_by(BATCH) {
        let operations: Vec<_> =
            (first..first + BATCH).map(|number| json!({"op": "create", "contact": contact(number)})).collect();
        let answer = user.post("/contacts/batch", json!({"operations": operations})).await.expect(200).json();
        id = answer["results"][0]["contact"]["id"].as_str().map(str::to_owned);
    }
    id.unwrap()
}

fn contact(number: usize) -> Value {
    let found = number.is_multiple_of(CONTACTS / FOUND);
    let last_name =
        if found { format!("Wisniewska {number}") } else { format!("Number {:04}", number * 7919 % 10_007) };
    let birthday = if found { "1980-06-15" } else { "1981-03-03" };
    json!({
        "first_name": "Ada", "last_name": last_name, "email": format!("person{number}@example.com"),
        "phone": format!("+44 20 7946 {number:04}"), "birthday": birthday,
    })
}

fn questions(app: &App, floor: &str, id: &str) -> Vec<Question> {
    let api = format!("{}api/v1", app.origin());
    vec![
        Question {
            what: "one contact",
            ours: format!("{api}/contacts/{id}"),
            floors: format!("{floor}/one/{id}"),
            promised: 0.8,
        },
        Question {
            what: "a list of 50",
            ours: format!("{api}/contacts"),
            floors: format!("{floor}/list"),
            promised: 0.8,
        },
        Question {
            what: "birthdays",
            ours: format!("{api}/contacts/birthdays?from=2026-06-10&days=7"),
            floors: format!("{floor}/birthdays"),
            promised: 0.7,
        },
        Question {
            what: "a search",
            ours: format!("{api}/contacts?q=wisniewska&sort=last_name,first_name"),
            floors: format!("{floor}/search"),
            promised: 0.7,
        },
    ]
}
