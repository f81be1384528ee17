//! What writes cost: commits, which wait for the disk, and password hashes, which are meant to take their time.

use std::time::Duration;

use crate::{
    beside_the_floor::contacts,
    harness::{App, PASSWORD, PostgresServer},
    options::Options,
    pgbench,
    place::Place,
    report::{Figures, Report},
    wrk::{self, Load},
};

/// How many create at once, each in an address book of their own: those who share one wait for each other.
const USERS: usize = 16;

const CREATE: &str = r#"
local number = 0
function one(headers)
  number = number + 1
  local body = string.format('{"first_name":"Ada","last_name":"Number %d","email":"person%d@example.com",' ..
    '"phone":"+44 20 7946 %04d","birthday":"1981-03-03"}', number, number, number % 10000)
  return wrk.format("POST", nil, headers, body)
end"#;

/// What a transaction of the service writes, statement by statement. The terms are those of the contact that is created
/// above; `O` stands for what marks their owner, and `A` to `D` for the digits of the number.
const SAME_INSERTS: &str = r"
\set user :client_id + 1
\set number random(1000, 9999)
\set a :number / 1000
\set b :number / 100 % 10
\set c :number / 10 % 10
\set d :number % 10
BEGIN;
UPDATE address_books SET seq = seq + 1, creations = creations + 1
  WHERE owner_id = (SELECT id FROM users WHERE email_key = 'writer' || :user || '@example.com')
  RETURNING id AS book, owner_id AS owner, seq AS seq, creations AS creations \gset
INSERT INTO creations (address_book_id, last, count, at) VALUES (:book, :creations, 1, now());
INSERT INTO contacts (id, owner_id, address_book_id, created_at, seq, first_name, last_name, email, phone, phone_e164,
  birthday_year, birthday_month_day, additional_data, labels, first_name_key, last_name_key, email_key, search_text,
  note_words, phone_digits, search_terms, fold_version, updated_at)
VALUES (gen_random_uuid(), :owner, :book, now(), :seq, 'Ada', 'Number ' || :number,
  'person' || :number || '@example.com', '+44 20 7946 ' || :number, '+44207946' || :number, 1981, 303, NULL, '[]',
  'ada', 'number ' || :number, 'person' || :number || '@example.com',
  ' ada number ' || :number || ' person' || :number || '@example.com', '',
  '0044207946' || :number || ' 0207946' || :number,
  replace(replace(replace(replace(replace(
    'On0044 On0207 On0442 On0794 OnD On2079 On4207 On4420 On46AB OnBCD On6ABC On7946 OnCD On946A OnABCD OtD OtBCD OtCD '
    'OtABCD Ota Otada Otampl Otber Otcom Otda Ote Oter Oterso Otexam Otle Otm Otmber Otmple OtnABC Otnumb Otom OtonAB '
    'Otpers Otple Otr Otrson OtsonA Otumbe Otxamp Oweample OwersonABCD Owexamle Owexampe Owexampl Owexample Owexaple '
    'Owexmple Ownmber Ownuber Ownumbe Ownumber Ownumbr Ownumer OwperonABCD OwpersnABCD OwpersoABCD OwpersonBCD '
    'OwpersonABD OwpersonABC OwpersonABCD OwpersonACD OwpesonABCD OwprsonABCD Owumber Owxample',
    'A', :a), 'B', :b), 'C', :c), 'D', :d), 'O', lpad(:user, 4, 'x')), 2, now());
COMMIT;
";

pub(crate) async fn run(place: Place, options: &Options, report: &mut Report) {
    match place {
        Place::PostgresAndRedis => on_postgres(options, report).await,
        Place::Sqlite => on_sqlite(options, report).await,
    }
}

async fn on_postgres(options: &Options, report: &mut Report) {
    let server = PostgresServer::durable().await;
    let app = unlimited(server.setup()).start();
    let tokens = writers(&app).await;
    let create = Load::of_users(&format!("{}api/v1/contacts", app.origin()), tokens, CREATE);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..=options.rounds {
        let run = create.run(options.time);
        let commits = pgbench::rate(server.url(), SAME_INSERTS, USERS, options.time);
        if round > 0 {
            ours.push(run);
            theirs.push(commits);
        }
    }
    theirs.sort_unstable_by(f64::total_cmp);
    let pair = Figures::Rates(wrk::rate(&ours), theirs[theirs.len() / 2]);
    report.promise(Place::PostgresAndRedis, "creates: to the same inserts by pgbench", pair, 0.6..=f64::INFINITY);
    others(Place::PostgresAndRedis, &app, options, report).await;
}

async fn on_sqlite(options: &Options, report: &mut Report) {
    let app = unlimited(Place::Sqlite.setup(4).await).start();
    let tokens = writers(&app).await;
    let create = Load::of_users(&format!("{}api/v1/contacts", app.origin()), tokens, CREATE);
    let runs: Vec<_> = (0..options.rounds).map(|_| create.run(options.time)).collect();
    let (p50, p99) = wrk::latencies(&runs);
    report.record(Place::Sqlite, "creates", Figures::Rate(wrk::rate(&runs)));
    report.record(Place::Sqlite, "creates: p99 to p50", Figures::Times(p99, p50));
    let (creates, waits) = waits_for_the_disk(options.time).await;
    let bounds = 8.0..=f64::INFINITY;
    report.promise(Place::Sqlite, "creates by 16: to waits for the disk", Figures::Counts(creates, waits), bounds);
    others(Place::Sqlite, &app, options, report).await;
}

/// Patches, logins and a mixture of reads and writes, for the record.
async fn others(place: Place, app: &App, options: &Options, report: &mut Report) {
    let user = app.register("patient@example.com").await;
    let id = contacts(&user).await;
    let tokens = vec![user.token().to_owned()];
    let url = |path: &str| format!("{}api/v1{path}", app.origin());
    let patch = format!(
        "local number = 0\nfunction one(headers)\n number = number + 1\n \
         return wrk.format(\"PATCH\", \"/api/v1/contacts/{id}\", headers, '{{\"last_name\":\"Number ' .. number .. '\"}}')\nend"
    );
    let mixed = format!(
        "{CREATE}\nlocal create, count = one, 0\nfunction one(headers)\n count = count + 1\n \
         if count % 10 == 0 then return create(headers) end\n \
         if count % 3 == 0 then return wrk.format(\"GET\", \"/api/v1/contacts?limit=20\", headers) end\n \
         return wrk.format(\"GET\", \"/api/v1/contacts/{id}\", headers)\nend"
    );
    let log_in = format!(
        "function one(headers)\n return wrk.format(\"POST\", nil, headers, \
         '{{\"email\":\"patient@example.com\",\"password\":\"{PASSWORD}\"}}')\nend"
    );
    for (what, url, tokens, script) in [
        ("patches of one contact", url("/contacts"), tokens.clone(), patch),
        ("one create in ten, reads else", url("/contacts"), tokens.clone(), mixed),
        ("logins at bcrypt's cost 4", url("/auth/login"), tokens, log_in),
    ] {
        let load = Load::of_users(&url, tokens, &script);
        let runs: Vec<_> = (0..options.rounds).map(|_| load.run(options.time)).collect();
        report.record(place, what, Figures::Rate(wrk::rate(&runs)));
    }
}

fn unlimited(setup: crate::harness::Setup) -> crate::harness::Setup {
    setup.env("LOG_LEVEL", "warn").env("BCRYPT_COST", "4").env("CONTACT_CREATE_LIMIT", "1000000")
}

/// The access tokens of those who write.
async fn writers(app: &App) -> Vec<String> {
    let mut tokens = Vec::new();
    for number in 1..=USERS {
        tokens.push(app.register(&format!("writer{number}@example.com")).await.token().to_owned());
    }
    tokens
}

/// How many contacts are created in this time, and how often the process waits for the disk meanwhile. It runs beside
/// `strace`, which stops it at nothing else.
async fn waits_for_the_disk(time: Duration) -> (u64, u64) {
    let setup = unlimited(Place::Sqlite.setup(4).await);
    let log = setup.folder().join("waits");
    let only = ["-D", "-f", "-qq", "--seccomp-bpf", "-e", "trace=fsync,fdatasync", "-o"];
    let app = setup.under(&[&["strace"], &only[..], &[log.to_str().unwrap()]].concat()).start();
    let create = Load::of_users(&format!("{}api/v1/contacts", app.origin()), writers(&app).await, CREATE);
    let waits = || {
        let text = std::fs::read_to_string(&log).expect("this needs strace: apt-get install strace");
        text.lines().filter(|line| line.contains("sync(")).count() as u64
    };
    let before = waits();
    let run = create.run(time);
    ((run.per_second * time.as_secs_f64()) as u64, waits() - before)
}
