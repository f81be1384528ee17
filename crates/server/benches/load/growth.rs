//! An address book of 100,000 contacts is as fast as one of 1,000, where as much is asked of it, in a table of a million.

use std::time::Instant;

use reqwest::Request;
use serde_json::{Value, json};

use crate::{
    harness::{App, Client, last_names},
    load,
    options::Options,
    place::Place,
    report::{Figures, Report},
    statistics::Times,
};

const SMALL: usize = 1_000;
const LARGE: usize = 100_000;
/// How many copies of the larger one there are besides.
const CROWDS: usize = 9;
/// How many contacts are found by a search, and have their birthday in the window, in both.
const FOUND: usize = 40;
/// How many contacts a batch creates.
const BATCH: usize = 500;
/// How many changes are asked for.
const CHANGES: usize = 100;

/// What is asked of both address books, and what it costs at most in the larger one.
struct Question {
    what: &'static str,
    small: Request,
    large: Request,
    bound: f64,
}

pub(crate) async fn run(place: Place, options: &Options, report: &mut Report) {
    let app = place.setup(4).await.env("CONTACT_CREATE_LIMIT", "1000000").start();
    let small = address_book(&app, "small@example.com", SMALL).await;
    let large = address_book(&app, "large@example.com", LARGE).await;
    for number in 1..=CROWDS {
        eprintln!("bench: {number} of {CROWDS} copies of the larger address book");
        let crowd = app.register(&format!("crowd{number}@example.com")).await;
        app.setup().sql(&copy(place, &id(&large).await, &id(&crowd).await, number)).await;
    }
    if place == Place::PostgresAndRedis {
        // As it is a minute later by itself: without statistics PostgreSQL guesses.
        app.setup().sql("VACUUM ANALYZE contacts").await;
    }
    let client = load::connection();
    for Question { what, small, large, bound } in questions(&app, &small, &large).await {
        let (mut small_times, mut large_times) = (Times::default(), Times::default());
        for _ in 0..options.pairs {
            for (request, times) in [(&small, &mut small_times), (&large, &mut large_times)] {
                let sent = Instant::now();
                load::send(&client, request).await;
                times.push(sent.elapsed());
            }
        }
        let pair = Figures::Times(large_times.median(), small_times.median());
        report.promise(place, &format!("{what}: of 100,000 contacts to of 1,000, in a million"), pair, 0.0..=bound);
    }
}

async fn id(user: &Client) -> String {
    user.get("/users/me").await.expect(200).json()["id"].as_str().unwrap().to_owned()
}

/// Copies the contacts of one owner to another. Terms begin with four letters for their owner: these are nobody else's.
fn copy(place: Place, from: &str, to: &str, number: usize) -> String {
    let [from, to, id] = match place {
        Place::Sqlite => {
            let bytes = |id: &str| format!("X'{}'", id.replace('-', ""));
            [bytes(from), bytes(to), "randomblob(16)".to_owned()]
        }
        Place::PostgresAndRedis => [format!("'{from}'"), format!("'{to}'"), "gen_random_uuid()".to_owned()],
    };
    let columns = "seq, first_name, last_name, email, phone, phone_e164, birthday_year, birthday_month_day, \
        additional_data, first_name_key, last_name_key, email_key, search_text, phone_digits, fold_version, created_at, \
        updated_at, labels, note_words";
    format!(
        "INSERT INTO contacts (id, owner_id, address_book_id, search_terms, {columns}) \
         SELECT {id}, books.owner_id, books.id, replace(search_terms, substr(search_terms, 1, 4), '000{number}'), \
            {columns} \
         FROM contacts CROSS JOIN (SELECT id, owner_id FROM address_books WHERE owner_id = {to}) AS books \
         WHERE contacts.owner_id = {from}"
    )
}

/// A user with so many contacts.
async fn address_book(app: &App, email: &str, size: usize) -> Client {
    let user = app.register(email).await;
    let every = size / FOUND;
    for first in (0..size).step_by(BATCH) {
        eprintln!("bench: {email}: {first} of {size} contacts");
        let operations: Vec<_> =
            (first..first + BATCH).map(|number| json!({"op": "create", "contact": contact(number, every)})).collect();
        user.post("/contacts/batch", json!({"operations": operations})).await.expect(200);
    }
    user
}

/// One in `every` is found, and has their birthday in the window.
fn contact(number: usize, every: usize) -> Value {
    const FIRST: [&str; 8] = ["Ada", "Grace", "Emmy", "Sofia", "Maria", "Rosalind", "Lise", "Hedy"];
    let found = number.is_multiple_of(every);
    let last_name =
        if found { format!("Wisniewska {number}") } else { format!("Number {:06}", number * 7919 % 1_000_003) };
    let birthday =
        if found { "1980-06-15".to_owned() } else { format!("19{:02}-{:02}-03", number % 80 + 10, number % 5 + 1) };
    json!({
        "first_name": FIRST[number % FIRST.len()],
        "last_name": last_name,
        "email": format!("person{number}@example.com"),
        "phone": format!("+44 20 {:04} {:04}", number / 10_000 % 10_000, number % 10_000),
        "birthday": birthday,
    })
}

async fn questions(app: &App, small: &Client, large: &Client) -> Vec<Question> {
    let mut questions = Vec::new();
    for (what, path, found, bound) in [
        ("one page of 50", "/contacts", 50, 1.5),
        ("a search, by name", "/contacts?q=wisniewska&sort=last_name", FOUND, 3.0),
        ("birthdays", "/contacts/birthdays?from=2026-06-10&days=7", FOUND, 1.5),
        ("a search", "/contacts?q=wisniewska", FOUND, 3.0),
        ("a search for two words", "/contacts?q=wisniewska+example", FOUND, 3.0),
        ("a search for a mistyped word", "/contacts?q=wisniefska", FOUND, 3.0),
        ("a filter by a part of the last name", "/contacts?last_name=isniewsk", FOUND, 3.0),
        ("a search for nothing that is there", "/contacts?q=quetzalcoatl", 0, 3.0),
    ] {
        assert_same_answers(small, large, path, found).await;
        let [small, large] = [small, large].map(|user| load::get(app, user, path));
        questions.push(Question { what, small, large, bound });
    }
    let paths = [late(small).await, late(large).await];
    let [small, large] = [(small, &paths[0]), (large, &paths[1])].map(|(user, path)| load::get(app, user, path));
    questions.push(Question { what: "100 changes since a token", small, large, bound: 1.5 });
    questions
}

/// Only what gives as many results can be compared.
async fn assert_same_answers(small: &Client, large: &Client, path: &str, expected: usize) {
    let count = async |user: &Client| last_names(&user.get(path).await.expect(200).json()).len();
    assert_eq!(count(small).await, expected, "{path}");
    assert_eq!(count(large).await, expected, "{path}");
}

/// The path of the last hundred changes.
async fn late(user: &Client) -> String {
    let mut token: Option<String> = None;
    let mut pages = Vec::new();
    loop {
        let since = token.as_ref().map(|token| format!("&since={token}")).unwrap_or_default();
        let page = user.get(&format!("/contacts/changes?limit={CHANGES}{since}")).await.expect(200).json();
        pages.push(token);
        token = page["next_token"].as_str().map(str::to_owned);
        if page["has_more"] == false {
            break;
        }
    }
    let last = pages.pop().flatten().expect("more than one page");
    format!("/contacts/changes?limit={CHANGES}&since={last}")
}
