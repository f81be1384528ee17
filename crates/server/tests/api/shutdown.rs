//! The end of the service: whoever was told to wait for an answer gets one.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use reqwest::Url;
use tokio::task::JoinSet;

use crate::harness::{App, Client, Setup, ada, eventually, named, on_both_databases};

on_both_databases!(
    under_load_no_request_fails_for_a_shutdown_that_is_announced,
    under_load_a_shutdown_at_once_loses_nothing_that_was_acknowledged,
    a_request_under_way_is_answered_before_the_service_ends,
    an_interrupt_does_not_wait_for_the_drain,
    a_second_signal_ends_at_once,
);

const CLIENTS: usize = 20;

/// So long that only a server that hangs exceeds it.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a client's requests came to their end.
struct End {
    acknowledged: Vec<String>,
    /// `None` where nobody listened any more.
    failure: Option<reqwest::Error>,
}

/// Reads and writes over connections of its own until there are none to be had.
async fn ask(user: Client, answered: Arc<AtomicUsize>) -> End {
    let mut acknowledged = Vec::new();
    loop {
        let requests = [user.post("/contacts", named("Ada", "Lovelace")), user.get("/contacts?limit=3")];
        for request in requests {
            match request.answer().await {
                Ok(answer) if answer.status == 201 => {
                    acknowledged.push(answer.json()["id"].as_str().unwrap().to_owned());
                }
                Ok(answer) => {
                    answer.expect(200);
                }
                Err(error) => return End { acknowledged, failure: Some(error).filter(|error| !error.is_connect()) },
            }
            answered.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Clients that ask all the time, each over connections of its own.
async fn load(app: &App, token: &str) -> JoinSet<End> {
    let answered = Arc::<AtomicUsize>::default();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let user = Client::of(app.origin()).with_token(token);
        clients.spawn(ask(user, answered.clone()));
    }
    eventually("the clients are at work", PATIENCE, async || {
        tokio::task::yield_now().await;
        (answered.load(Ordering::SeqCst) > 5 * CLIENTS).then_some(())
    })
    .await;
    clients
}

/// Asserts that what was acknowledged is found by the next server.
async fn assert_kept(setup: Setup, token: &str, ends: &[End]) {
    let app = setup.start();
    let pages = app.api().with_token(token).pages("/contacts", &[("limit", "200")]).await;
    let found: Vec<_> = pages.iter().flatten().map(|contact| contact["id"].as_str().unwrap()).collect();
    for id in ends.iter().flat_map(|end| &end.acknowledged) {
        assert!(found.contains(&id.as_str()), "{id} was acknowledged and is lost");
    }
}

async fn until_it_is_going(app: &App) {
    eventually("/readyz says that the service is going", PATIENCE, async || {
        let answer = app.root().get("/readyz").await;
        (answer.status != 200).then(|| answer.problem(503, "shutting_down"))
    })
    .await;
}

async fn under_load_no_request_fails_for_a_shutdown_that_is_announced(setup: Setup) {
    let app = setup.env("SHUTDOWN_DRAIN", "1s").start();
    let user = app.register("user@example.com").await;
    let clients = load(&app, user.token()).await;
    app.process().signal("TERM");
    until_it_is_going(&app).await;
    app.root().get("/healthz").await.expect(200);

    let ends = clients.join_all().await;
    let failures: Vec<_> = ends.iter().filter_map(|end| end.failure.as_ref()).collect();
    assert!(failures.is_empty(), "{failures:#?}");
    let (setup, status, log) = app.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_kept(setup, user.token(), &ends).await;
}

async fn under_load_a_shutdown_at_once_loses_nothing_that_was_acknowledged(setup: Setup) {
    let app = setup.env("SHUTDOWN_DRAIN", "0s").start();
    let user = app.register("user@example.com").await;
    let clients = load(&app, user.token()).await;
    app.process().signal("TERM");
    // A connection may close as its client sends: nobody was warned. But no answer is a failure.
    let ends = clients.join_all().await;
    let (setup, status, log) = app.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_kept(setup, user.token(), &ends).await;
}

/// The answer to a creation that is sent in two halves; `meanwhile` comes between them.
async fn create_in_halves(origin: &Url, token: &str, meanwhile: impl AsyncFnOnce()) -> String {
    let mut stream = BufReader::new(TcpStream::connect(origin.socket_addrs(|| None).unwrap()[0]).unwrap());
    let body = ada().to_string();
    let (first, second) = body.split_at(body.len() / 2);
    let head = format!(
        "POST /api/v1/contacts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Expect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.get_mut().write_all(head.as_bytes()).unwrap();
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 100 "), "{line}");
    stream.get_mut().write_all(first.as_bytes()).unwrap();
    meanwhile().await;
    stream.get_mut().write_all(second.as_bytes()).unwrap();
    // The blank line that ends the announcement.
    stream.read_line(&mut line).unwrap();
    line.clear();
    stream.read_line(&mut line).unwrap();
    line
}

async fn a_request_under_way_is_answered_before_the_service_ends(setup: Setup) {
    let app = setup.env("SHUTDOWN_DRAIN", "0s").start();
    let user = app.register("user@example.com").await;
    let status_line = create_in_halves(app.origin(), user.token(), async || {
        app.process().signal("TERM");
        eventually("nobody listens any more", PATIENCE, async || {
            let asked = Client::of(app.origin()).get("/users/me").answer().await;
            asked.err().filter(reqwest::Error::is_connect)
        })
        .await;
    });
    assert!(status_line.await.starts_with("HTTP/1.1 201 "));
    let (setup, status, log) = app.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    let app = setup.start();
    let kept = app.api().with_token(user.token()).list(&[]).await;
    assert_eq!(kept["items"].as_array().unwrap().len(), 1);
}

async fn an_interrupt_does_not_wait_for_the_drain(setup: Setup) {
    let app = setup.env("SHUTDOWN_DRAIN", "10m").start();
    app.root().get("/readyz").await.expect(200);
    app.process().signal("INT");
    let (_, status, log) = app.ended();
    assert_eq!(status.code(), Some(0), "{log}");
}

async fn a_second_signal_ends_at_once(setup: Setup) {
    let mut setup = setup.env("SHUTDOWN_DRAIN", "10m");
    for second in ["TERM", "INT"] {
        let app = setup.start();
        app.process().signal("TERM");
        until_it_is_going(&app).await;
        app.process().signal(second);
        let status;
        let log;
        (setup, status, log) = app.ended();
        assert_ne!(status.code(), Some(0), "{log}");
        assert!(log.contains("Told to end twice"), "{log}");
    }
}
