//! Redis goes away, comes back, and forgets: nobody gets a wrong answer for it.

use std::time::Duration;

use reqwest::Method;

use super::{Replica, Service, assert_refused, assert_refused_soon};
use crate::harness::{Client, Session, ada, eventually};

/// Longer than a copy lives, and than Redis is left alone after a failure.
const PATIENCE: Duration = Duration::from_secs(30);

async fn log_out(session: &Session) {
    session.client.request(Method::POST, "/auth/logout").await.expect(204);
}

/// Reads and writes on both replicas are right.
async fn assert_service(here: &Client, there: &Client) {
    let contact = here.create(ada()).await;
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    assert_eq!(there.get(&path).await.expect(200).json(), contact);
    there.delete(&path).await.expect(204);
    here.get(&path).await.problem(404, "not_found");
    assert_eq!(here.get("/users/me").await.expect(200).json(), there.get("/users/me").await.expect(200).json());
}

/// Waits until this client's replica writes into Redis what it has read.
async fn assert_uses_redis(service: &Service, client: &Client) {
    service.redis.flush();
    eventually("Redis is used again", PATIENCE, async || {
        client.get("/users/me").await.expect(200);
        (service.redis.keys() > 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn without_redis_requests_are_right_and_a_logout_is_seen_by_the_other_replica_at_once() {
    let mut service = Service::start().await;
    let (session, elsewhere) = service.session().await;
    let (stays, stays_elsewhere) = service.session().await;
    service.redis.kill();
    assert_service(&session.client, &elsewhere).await;
    service.one.hears_nothing();
    service.other.hears_nothing();
    assert_service(&session.client, &elsewhere).await;

    log_out(&session).await;
    // There is nothing between this replica and the database.
    assert_refused(&elsewhere).await;
    assert_refused(&session.client).await;
    assert_service(&stays.client, &stays_elsewhere).await;
}

#[tokio::test]
async fn redis_that_is_back_is_used_again_and_brings_nothing_back() {
    let mut service = Service::start().await;
    let (session, elsewhere) = service.session().await;
    service.redis.kill();
    service.one.hears_nothing();
    service.other.hears_nothing();
    let (ended, ended_elsewhere) = service.session().await;
    log_out(&ended).await;

    service.redis.start_again();
    assert_refused(&ended_elsewhere).await;
    service.one.hears(2);
    service.other.hears(2);
    assert_refused(&ended.client).await;
    assert_refused(&ended_elsewhere).await;
    // What is remembered by a replica went through Redis: only then is there anything to be forgotten.
    assert_uses_redis(&service, &session.client).await;
    assert_uses_redis(&service, &elsewhere).await;
    for client in [&session.client, &elsewhere, &session.client, &elsewhere] {
        client.get("/users/me").await.expect(200);
    }
    log_out(&session).await;
    assert_refused(&session.client).await;
    assert_refused_soon(&elsewhere).await;
}

#[tokio::test]
async fn what_was_revoked_does_not_come_back_when_redis_forgets_everything() {
    let service = Service::start().await;
    let (session, elsewhere) = service.session().await;
    let (stays, stays_elsewhere) = service.session().await;
    log_out(&session).await;
    assert_refused_soon(&elsewhere).await;
    let third = Replica::start(&service.setup);
    let third = third.api.with_token(session.client.token());

    service.redis.flush();
    for _ in 0..10 {
        // The user of a session that goes on is remembered anew, by all of them.
        stays.assert_alive().await;
        stays_elsewhere.get("/users/me").await.expect(200);
        for client in [&session.client, &elsewhere, &third] {
            assert_refused(client).await;
        }
    }
}
