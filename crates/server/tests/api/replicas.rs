//! Two servers on one PostgreSQL and one Redis are one service.

use serde_json::json;

use crate::harness::{Client, Setup, ada};

/// The Redis that the tests were given.
fn redis_url() -> String {
    std::env::var("TEST_REDIS_URL")
        .unwrap_or_else(|_| panic!("TEST_REDIS_URL is not set: run the tests with `make test`"))
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
