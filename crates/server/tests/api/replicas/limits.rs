//! Replicas count requests together.

use std::time::Duration;

use serde_json::json;

use super::Service;
use crate::harness::eventually;

/// How many requests a user has. One more comes every hour and more: within a test there is none.
const LIMIT: usize = 20;

/// Longer than Redis is left alone after a failure.
const PATIENCE: Duration = Duration::from_secs(30);

async fn limited() -> Service {
    Service::start_with(|setup| {
        setup
            .env("RATE_LIMIT_ENABLED", "true")
            .env("RATE_LIMIT_CONTACTS", "20/day")
            .env("RATE_LIMIT_AUTH", "10000/s")
            .env("RATE_LIMIT_LOGIN", "10000/s")
            .env("RATE_LIMIT_ADDRESS", "10000/s")
    })
    .await
}

/// How many requests of a new user are answered, of as many to each replica as one of them allows alone.
async fn answered(service: &Service, email: &str) -> usize {
    service.one.api.register(email, json!({})).await.expect(201);
    let here = service.one.api.logged_in(email).await;
    let there = service.other.api.with_token(here.token());
    let mut answered = 0;
    for _ in 0..LIMIT {
        for client in [&here, &there] {
            let answer = client.get("/contacts").await;
            if answer.status == 200 {
                answered += 1;
            } else {
                answer.problem(429, "rate_limited");
                assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0, "{answer}");
            }
        }
    }
    answered
}

#[tokio::test]
async fn two_replicas_allow_together_what_one_does() {
    let service = limited().await;
    assert_eq!(answered(&service, "somebody@example.com").await, LIMIT);
}

#[tokio::test]
async fn without_redis_each_replica_counts_by_itself_and_with_it_again_they_count_together() {
    let mut service = limited().await;
    service.redis.kill();
    assert_eq!(answered(&service, "meanwhile@example.com").await, 2 * LIMIT);
    service.redis.start_again();
    let mut users = 0;
    eventually("they count together again", PATIENCE, async || {
        users += 1;
        (answered(&service, &format!("user{users}@example.com")).await == LIMIT).then_some(())
    })
    .await;
}
