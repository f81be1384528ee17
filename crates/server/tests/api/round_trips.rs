//! What a read costs on PostgreSQL, once the user is known and the statements are prepared.

use reqwest::header::HeaderName;
use serde_json::{Value, json};

use crate::harness::{App, Client, PostgresProxy, Request, Setup, people, redis_url};

const WARM_UP: u64 = 3;
const MEASURED: u64 = 5;
const TIMES: usize = 5;

/// A server that reaches its database by way of the proxy, over one connection.
async fn observed() -> (PostgresProxy, App, Client) {
    observed_as(Setup::postgres().await).await
}

async fn observed_as(setup: Setup) -> (PostgresProxy, App, Client) {
    let database = setup.database_url().unwrap();
    let proxy = PostgresProxy::to(&database);
    let through_proxy = proxy.url(&database);
    let app = setup.env("DATABASE_URL", through_proxy.as_str()).env("DATABASE_POOL_SIZE", "1").start();
    let user = app.register("user@example.com").await;
    user.create_all(&people()[..20]).await;
    (proxy, app, user)
}

/// The least that `requests` cost, of several times. Once a second the server looks for mails to send, which
/// costs a round trip that is none of theirs.
async fn least_cost(proxy: &PostgresProxy, requests: impl AsyncFn()) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..TIMES {
        let before = proxy.round_trips();
        requests().await;
        least = least.min(proxy.round_trips() - before);
    }
    least
}

/// Asserts what each of several equal requests costs on average, which is what each costs.
async fn assert_cost(proxy: &PostgresProxy, round_trips: u64, request: impl Fn() -> Request) {
    for _ in 0..WARM_UP {
        request().await.expect(200);
    }
    let cost = least_cost(proxy, async || {
        for _ in 0..MEASURED {
            request().await.expect(200);
        }
    });
    assert_eq!(cost.await, MEASURED * round_trips, "in {MEASURED} requests");
}

#[tokio::test]
async fn a_contact_costs_one_round_trip() {
    let (proxy, _app, user) = observed().await;
    let page = user.list(&[("limit", "1")]).await;
    let path = format!("/contacts/{}", page["items"][0]["id"].as_str().unwrap());
    assert_cost(&proxy, 1, || user.get(&path)).await;
}

#[tokio::test]
async fn a_list_costs_one_round_trip_and_its_total_another() {
    let (proxy, _app, user) = observed().await;
    assert_cost(&proxy, 1, || user.get("/contacts")).await;
    let prefer = HeaderName::from_static("prefer");
    assert_cost(&proxy, 2, || user.get("/contacts").header(prefer.clone(), "count=exact")).await;
    // However much is asked of it.
    let query = [
        ("q", "a e a e"),
        ("first_name", "a"),
        ("email", "a"),
        ("sort", "-birthday,email,-created_at"),
        ("limit", "1"),
    ];
    assert_cost(&proxy, 1, || user.get("/contacts").query(&query)).await;
    let page = user.list(&query).await;
    assert_ne!(page["next_cursor"], Value::Null, "{page}");
    let next = [&query[..], &[("cursor", page["next_cursor"].as_str().unwrap())]].concat();
    assert_cost(&proxy, 1, || user.get("/contacts").query(&next)).await;
}

#[tokio::test]
async fn birthdays_cost_one_round_trip() {
    let (proxy, _app, user) = observed().await;
    for from in ["2027-02-25", "2026-12-28"] {
        assert_cost(&proxy, 1, || user.get("/contacts/birthdays").query(&[("from", from)])).await;
    }
}

/// What knowing who asks costs, beside what is asked for.
async fn assert_cost_of_the_user(setup: Setup, round_trips: u64) {
    let (proxy, _app, user) = observed_as(setup).await;
    assert_cost(&proxy, round_trips, || user.get("/users/me")).await;
    assert_cost(&proxy, round_trips + 1, || user.get("/contacts")).await;
}

#[tokio::test]
async fn a_user_who_is_remembered_costs_no_round_trip() {
    assert_cost_of_the_user(Setup::postgres().await, 0).await;
}

#[tokio::test]
async fn a_user_whom_redis_remembers_costs_no_round_trip() {
    assert_cost_of_the_user(Setup::postgres().await.env("REDIS_URL", &redis_url()), 0).await;
}

#[tokio::test]
async fn a_session_that_another_replica_knows_costs_no_round_trip() {
    let setup = Setup::postgres().await.env("REDIS_URL", &redis_url());
    let replica = setup.spawn(&["serve"]);
    let other = Client::of(&replica.listening());
    other.register("user@example.com", json!({})).await.expect(201);
    let database = setup.database_url().unwrap();
    let proxy = PostgresProxy::to(&database);
    let app = setup.env("DATABASE_URL", proxy.url(&database).as_str()).start();
    let cost = least_cost(&proxy, async || {
        let other = other.logged_in("user@example.com").await;
        other.get("/users/me").await.expect(200);
        // This one has never seen the session.
        app.api().with_token(other.token()).get("/users/me").await.expect(200);
    });
    assert_eq!(cost.await, 0);
}

#[tokio::test]
async fn a_user_costs_one_round_trip_while_redis_is_away() {
    // Nobody listens there. What one replica forgets, another would remember: so the database is asked.
    assert_cost_of_the_user(Setup::postgres().await.env("REDIS_URL", "redis://127.0.0.1:1"), 1).await;
}

#[tokio::test]
async fn what_is_refused_at_the_door_costs_nothing() {
    let (proxy, app, user) = observed().await;
    user.get("/users/me").await.expect(200);
    let cost = least_cost(&proxy, async || {
        user.get("/contacts?limit=0").await.expect(422);
        user.post("/contacts", json!({})).await.expect(422);
        app.api().get("/contacts").await.expect(401);
        app.api().with_token("nonsense").get("/contacts").await.expect(401);
    });
    assert_eq!(cost.await, 0);
}
