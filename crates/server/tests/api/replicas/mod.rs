//! Two servers on one PostgreSQL and one Redis are one service.

mod limits;
mod redis_away;
mod revocation;
mod rolling_restart;

use std::time::Duration;

use serde_json::json;

use crate::harness::{Client, PASSWORD, Process, RedisServer, Session, Setup, ada, eventually, redis_url};

/// Within which what happens on one replica is known to the other. Shorter than a copy lives that nobody
/// is told to forget, and longer than a message takes on a busy machine.
const SOON: Duration = Duration::from_secs(3);

const EMAIL: &str = "user@example.com";

/// A server, and a client of it that is not logged in.
struct Replica {
    process: Process,
    api: Client,
}

impl Replica {
    fn start(setup: &Setup) -> Self {
        let process = setup.spawn(&["serve"]);
        let api = Client::of(&process.listening());
        Self { process, api }
    }

    /// Waits until it has begun to hear what others invalidate, for the `times`th time: from then on it
    /// remembers users by itself.
    fn hears(&self, times: usize) {
        let heard = |line: &str| line.contains("invalidations of other replicas are heard").then_some(());
        assert_eq!(self.process.log().wait_for_first(times, heard).len(), times, "it should hear again");
    }

    /// Waits until it has noticed that it hears nothing any more.
    fn hears_nothing(&self) {
        let deaf = |line: &str| line.contains("invalidations of other replicas are not heard").then_some(());
        self.process.log().wait_for(deaf).expect("it should notice that Redis is away");
    }
}

/// Two replicas that hear one another, and a user who is registered.
struct Service {
    // First, so that they end before their database and their Redis go.
    one: Replica,
    other: Replica,
    setup: Setup,
    redis: RedisServer,
}

impl Service {
    async fn start() -> Self {
        Self::start_with(|setup| setup).await
    }

    async fn start_with(settings: impl FnOnce(Setup) -> Setup) -> Self {
        let redis = RedisServer::start();
        let setup = settings(Setup::postgres().await.env("REDIS_URL", redis.url()));
        let (one, other) = (Replica::start(&setup), Replica::start(&setup));
        one.hears(1);
        other.hears(1);
        one.api.register(EMAIL, json!({})).await.expect(201);
        Self { one, other, setup, redis }
    }

    /// A new session of the user, which both replicas have seen, and remember.
    async fn session(&self) -> (Session, Client) {
        let session = Session::begin(&self.one.api, EMAIL, PASSWORD).await;
        let elsewhere = self.other.api.with_token(session.client.token());
        for client in [&session.client, &elsewhere, &session.client, &elsewhere] {
            client.get("/users/me").await.expect(200);
        }
        (session, elsewhere)
    }
}

/// Waits until this token is refused, and asserts that it stays so.
async fn assert_refused_soon(client: &Client) {
    eventually("the token is refused", SOON, async || {
        let answer = client.get("/users/me").await;
        match answer.status {
            200 => None,
            _ => Some(answer.problem(401, "invalid_token")),
        }
    })
    .await;
    assert_refused(client).await;
}

/// Asserts that this token is refused, however often it is tried.
async fn assert_refused(client: &Client) {
    for path in ["/users/me", "/contacts", "/users/me"] {
        client.get(path).await.problem(401, "invalid_token");
    }
}

#[tokio::test]
async fn what_a_user_changes_on_one_replica_counts_on_the_other_at_once() {
    let setup = Setup::postgres().await.env("REDIS_URL", &redis_url());
    let (one, other) = (setup.spawn(&["serve"]), setup.spawn(&["serve"]));
    let [one, other] = [one.listening(), other.listening()].map(|origin| Client::of(&origin));
    one.register("user@example.com", json!({})).await.expect(201);
    let one = one.logged_in("user@example.com").await;
    // Both have seen the user by now, as they were.
    let other = other.with_token(one.token());
    other.get("/users/me").await.expect(200);

    let changed = one.patch("/users/me", json!({"time_zone": "Pacific/Kiritimati"})).await.expect(200).json();
    assert_eq!(other.get("/users/me").await.expect(200).json(), changed);
    let birthdays = other.get("/contacts/birthdays").await.expect(200).json();
    assert_eq!(birthdays["time_zone"], "Pacific/Kiritimati");

    let contact = other.create(ada()).await;
    assert_eq!(one.list(&[]).await["items"], json!([contact]));
}

#[tokio::test]
async fn a_redis_that_is_not_there_costs_no_answer() {
    let setup = Setup::postgres().await.env("REDIS_URL", "redis://127.0.0.1:1");
    let app = setup.start();
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    assert_eq!(user.list(&[]).await["items"], json!([contact]));
    let changed = user.patch("/users/me", json!({"name": "Ada"})).await.expect(200).json();
    assert_eq!(user.get("/users/me").await.expect(200).json(), changed);
}
