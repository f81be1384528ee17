//! Clients that ask again and again.

use std::time::{Duration, Instant};

use reqwest::{Method, Request, Url};
use tokio::task::JoinSet;

use crate::{
    harness::{App, Client},
    statistics::Times,
};

/// How many read at once.
pub(crate) const READERS: usize = 8;

/// A request to the API as this user.
pub(crate) fn get(app: &App, user: &Client, path: &str) -> Request {
    let url = Url::parse(&format!("{}api/v1{path}", app.origin())).unwrap();
    let mut request = Request::new(Method::GET, url);
    request.headers_mut().insert("authorization", format!("Bearer {}", user.token()).parse().unwrap());
    request
}

/// A client with a connection of its own, which it keeps.
pub(crate) fn connection() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// When a reader asks again.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// As soon as it has an answer: the server is as busy as it can be.
    AtOnce,
    /// Every so often: a server that is not busy. Who has to wait is late with the next one, too, and that
    /// counts as waiting.
    Every(Duration),
}

/// Eight readers send this request for so long; the times of all answers.
pub(crate) async fn read(request: &Request, pace: Pace, time: Duration) -> Times {
    let mut readers = JoinSet::new();
    for _ in 0..READERS {
        readers.spawn(read_alone(request.try_clone().unwrap(), pace, time));
    }
    readers.join_all().await.into_iter().collect()
}

async fn read_alone(request: Request, pace: Pace, time: Duration) -> Times {
    let client = connection();
    // The connection is made, and the caches are warm.
    send(&client, &request).await;
    let (mut times, begin) = (Times::default(), Instant::now());
    let mut due = begin;
    while begin.elapsed() < time {
        let sent = match pace {
            Pace::AtOnce => Instant::now(),
            Pace::Every(interval) => {
                let was_due = due;
                due += interval;
                let early = was_due.saturating_duration_since(Instant::now());
                if early.is_zero() {
                    was_due
                } else {
                    tokio::time::sleep(early).await;
                    Instant::now()
                }
            }
        };
        send(&client, &request).await;
        times.push(sent.elapsed());
    }
    times
}

/// Sends it, and waits for the whole answer.
pub(crate) async fn send(client: &reqwest::Client, request: &Request) {
    let answer = client.execute(request.try_clone().unwrap()).await.expect("the server answers");
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("the answer is whole");
}
