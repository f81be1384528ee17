//! How close the service comes to a server that does the least there is to do, on PostgreSQL and on SQLite, in turns.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    cost, floor,
    harness::{App, Client},
    load,
    options::Options,
    pgbench,
    picture::Rates,
    place::Place,
    report::{Figures, Report},
    wrk::{self, Load, Run},
};

const CONTACTS: usize = 1_000;
const BATCH: usize = 500;
/// How many contacts a search finds, and have their birthday in the window.
const FOUND: usize = 20;
/// How many ask PostgreSQL at once, where nothing stands before it.
const CLIENTS: usize = 16;
/// All servers have as many.
const WORKERS: usize = 2;
/// The most memory that a server holds, idle and under full load.
const IDLE: u64 = 30_000_000;
const LOADED: u64 = 120_000_000;

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
    async fn beside(service: &Service) -> Self {
        let database = service.app.setup().database_url().unwrap();
        let owner = service.user.get("/users/me").await.expect(200).json()["id"].as_str().unwrap().to_owned();
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command.args([FLOOR, database.as_str(), &owner]).stdout(Stdio::piped()).spawn().unwrap();
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

/// A server of ours, with a user who has contacts.
struct Service {
    place: Place,
    app: App,
    user: Client,
    id: String,
}

impl Service {
    async fn start(place: Place, report: &mut Report) -> Self {
        let app = place.setup(4).await.start();
        report.promise(
            place,
            "memory, idle: to 30 MB",
            Figures::Sizes(cost::memory(app.process().id()), IDLE),
            0.0..=1.0,
        );
        let user = app.register("reader@example.com").await;
        let id = contacts(&user).await;
        if place == Place::PostgresAndRedis {
            // As it is a minute later by itself: without statistics PostgreSQL guesses.
            app.setup().sql("ANALYZE").await;
        }
        Self { place, app, user, id }
    }

    fn load(&self, path: &str) -> Load {
        let url = format!("{}api/v1{}", self.app.origin(), path.replace("ID", &self.id));
        Load::reading(&url, Some(self.user.token()))
    }
}

/// What is asked of all, and how much of the floor's rate the service must reach.
struct Question {
    what: &'static str,
    ours: &'static str,
    floors: &'static str,
    promised: f64,
}

const QUESTIONS: [Question; 4] = [
    Question { what: "one contact", ours: "/contacts/ID", floors: "/one/ID", promised: 0.8 },
    Question { what: "a list of 50", ours: "/contacts", floors: "/list", promised: 0.8 },
    Question {
        what: "birthdays",
        ours: "/contacts/birthdays?from=2026-06-10&days=7",
        floors: "/birthdays",
        promised: 0.7,
    },
    Question {
        what: "a search",
        ours: "/contacts?q=wisniewska&sort=last_name,first_name",
        floors: "/search",
        promised: 0.7,
    },
];

pub(crate) async fn run(options: &Options, report: &mut Report) {
    let postgres = Service::start(Place::PostgresAndRedis, report).await;
    let sqlite = Service::start(Place::Sqlite, report).await;
    let floor = Floor::beside(&postgres).await;
    for question in &QUESTIONS {
        let loads = [
            Load::reading(&format!("{}{}", floor.origin, question.floors.replace("ID", &postgres.id)), None),
            postgres.load(question.ours),
            sqlite.load(question.ours),
        ];
        assert_same_answers(question, &loads).await;
        let mut runs: [Vec<Run>; 3] = Default::default();
        for round in 0..=options.rounds {
            for (load, runs) in loads.iter().zip(&mut runs) {
                let run = load.run(options.time);
                // The first round warms up.
                if round > 0 {
                    runs.push(run);
                }
            }
        }
        let what = question.what;
        let [floors, on_postgres, on_sqlite] = runs.map(|runs| wrk::rate(&runs));
        report.draw(Rates { what, floor: floors, postgres: on_postgres, sqlite: on_sqlite });
        let pair = Figures::Rates(on_postgres, floors);
        let bounds = question.promised..=f64::INFINITY;
        report.promise(Place::PostgresAndRedis, &format!("{what}: the service to the floor"), pair, bounds);
        let pair = Figures::Rates(on_sqlite, on_postgres);
        report.promise(Place::Sqlite, &format!("{what}: to PostgreSQL"), pair, 1.0..=f64::INFINITY);
        for (service, rate) in [(&postgres, on_postgres), (&sqlite, on_sqlite)] {
            at_half_load(service, question, rate, options, report);
        }
    }
    outer_limit(&postgres, options, report).await;
    for service in [&postgres, &sqlite] {
        let memory = cost::memory(service.app.process().id());
        report.promise(service.place, "memory, after full load: to 120 MB", Figures::Sizes(memory, LOADED), 0.0..=1.0);
    }
}

/// How long one request in a hundred takes where half as many come as could, and how much of the processor 1,000 take.
fn at_half_load(service: &Service, question: &Question, rate: f64, options: &Options, report: &mut Report) {
    let load = service.load(question.ours).paced(rate / 2.0, options.time);
    let mut runs = Vec::new();
    let mut processor = Vec::new();
    for _ in 0..options.rounds {
        let before = cost::processor_time(service.app.process().id());
        let run = load.run(options.time);
        let spent = cost::processor_time(service.app.process().id()) - before;
        processor.push(spent.div_f64(run.per_second * options.time.as_secs_f64() / 1000.0));
        runs.push(run);
    }
    let (p50, p99) = wrk::latencies(&runs);
    let what = question.what;
    let half = format!("{what}: p99 to p50 at {:.0} a second, half of what it can", wrk::rate(&runs));
    report.promise(service.place, &half, Figures::Times(p99, p50), 0.0..=5.0);
    processor.sort_unstable();
    let processor = processor[processor.len() / 2];
    let per_thousand = Figures::Time(processor);
    report.record(service.place, &format!("{what}: time of the processor for 1,000 requests"), per_thousand);
}

/// How close the service comes to `pgbench`, which runs the statement of one contact: that is all PostgreSQL can do.
async fn outer_limit(service: &Service, options: &Options, report: &mut Report) {
    let owner = service.user.get("/users/me").await.expect(200).json()["id"].as_str().unwrap().to_owned();
    let (columns, id) = (floor::COLUMNS, &service.id);
    let script =
        format!("SELECT {columns} FROM contacts WHERE deleted_at IS NULL AND owner_id = '{owner}' AND id = '{id}';\n");
    let database = service.app.setup().database_url().unwrap();
    let load = service.load("/contacts/ID");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        ours.push(load.run(options.time));
        theirs.push(pgbench::rate(&database, &script, CLIENTS, options.time));
    }
    theirs.sort_unstable_by(f64::total_cmp);
    let rates = Figures::Rates(wrk::rate(&ours), theirs[theirs.len() / 2]);
    report.record(Place::PostgresAndRedis, "one contact: to the same statement by pgbench", rates);
}

/// Only what gives as many contacts can be compared.
async fn assert_same_answers(question: &Question, loads: &[Load; 3]) {
    let mut counts = Vec::new();
    for load in loads {
        let request = load::connection().get(load.url()).bearer_auth(load.token().unwrap_or_default());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", load.url());
        counts.push(answer.text().await.unwrap().matches("\"first_name\":").count());
    }
    assert!(counts[0] > 0 && counts.iter().all(|count| *count == counts[0]), "{}: {counts:?}", question.what);
}

/// Creates the contacts, and says how one of them is called.
pub(crate) async fn contacts(user: &Client) -> String {
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
