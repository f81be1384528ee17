//! PostgreSQL cannot be reached for a while.

use serde_json::json;

use crate::harness::{PostgresProxy, Setup, ada};

/// How often a request is repeated until the database is found again. Each waits for a connection
/// by itself.
const PATIENCE: usize = 20;

#[tokio::test]
async fn while_the_database_is_away_requests_are_told_so_and_service_returns_by_itself() {
    let setup = Setup::postgres().await;
    let database = setup.database_url().unwrap();
    let proxy = PostgresProxy::to(&database);
    let app = setup.env("DATABASE_URL", proxy.url(&database).as_str()).start();
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    app.root().get("/readyz").await.expect(200);

    proxy.cut();
    for request in [user.get(&path), user.get("/contacts"), user.patch(&path, json!({"last_name": "King"}))] {
        let answer = request.await;
        answer.problem(503, "unavailable");
        assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
    }
    app.root().get("/readyz").await.problem(503, "unavailable");
    app.root().get("/healthz").await.expect(200);

    proxy.restore();
    let mut answer = user.get(&path).await;
    for _ in 0..PATIENCE {
        if answer.status == 200 {
            break;
        }
        answer = user.get(&path).await;
    }
    assert_eq!(answer.expect(200).json(), contact, "nothing of the patch was done");
    user.patch(&path, json!({"last_name": "King"})).await.expect(200);
    app.root().get("/readyz").await.expect(200);
}
