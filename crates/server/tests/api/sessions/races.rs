//! What happens to an account at one and the same time.

use std::collections::BTreeSet;

use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::{Answer, App, Letter, PASSWORD, ada, named, on_both_databases};

on_both_databases!(
    of_deletions_at_once_one_succeeds,
    who_writes_while_the_account_is_deleted_is_told_that_it_is_gone,
    a_refresh_and_a_logout_at_once_leave_no_session,
    an_address_that_two_want_at_once_is_given_to_one,
);

const EMAIL: &str = "ada@example.com";

fn statuses(answers: Vec<Answer>) -> Vec<u16> {
    let mut statuses: Vec<_> = answers.into_iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

async fn of_deletions_at_once_one_succeeds(app: App) {
    let user = app.register(EMAIL).await;
    user.create(ada()).await;
    let mut deletions = JoinSet::new();
    for _ in 0..8 {
        deletions.spawn(user.post("/users/me/delete", json!({"password": PASSWORD})).into_future());
    }
    let statuses = statuses(deletions.join_all().await);
    assert_eq!(statuses, [204, 401, 401, 401, 401, 401, 401, 401]);
    let deleted = "SELECT kind AS text FROM audit_log WHERE kind = 'account_deleted'";
    assert_eq!(app.setup().sql(deleted).await.len(), 1);
}

async fn who_writes_while_the_account_is_deleted_is_told_that_it_is_gone(app: App) {
    let user = app.register(EMAIL).await;
    let contact = user.create(ada()).await;
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    let mut requests = JoinSet::new();
    for index in 0..24 {
        requests.spawn(user.post("/contacts", named("Ada", &index.to_string())).into_future());
        requests.spawn(user.patch(&path, json!({"last_name": index.to_string()})).into_future());
        requests.spawn(user.patch("/users/me", json!({"name": index.to_string()})).into_future());
        if index == 8 {
            requests.spawn(user.post("/users/me/delete", json!({"password": PASSWORD})).into_future());
        }
    }
    let statuses = statuses(requests.join_all().await);
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 201, 204, 401].contains(status)), "{statuses:?}");
    for table in ["users", "contacts", "address_books", "sessions", "creations"] {
        let rows = app.setup().sql(&format!("SELECT 'a row' AS text FROM {table}")).await;
        assert_eq!(rows, [] as [String; 0], "{table}");
    }
}

async fn a_refresh_and_a_logout_at_once_leave_no_session(app: App) {
    app.register(EMAIL).await;
    for _ in 0..8 {
        let session = app.session(EMAIL).await;
        let logout = session.client.post("/auth/logout", json!({})).into_future();
        let (refreshed, _) = tokio::join!(session.refresh(), async { logout.await.expect(204) });
        session.assert_ended().await;
        if refreshed.status == 200 {
            let tokens = refreshed.json();
            let client = app.api().with_token(tokens["access_token"].as_str().unwrap());
            client.get("/users/me").await.problem(401, "invalid_token");
            app.api().refresh(tokens["refresh_token"].as_str().unwrap()).await.problem(401, "invalid_token");
        } else {
            refreshed.problem(401, "invalid_token");
        }
    }
}

async fn an_address_that_two_want_at_once_is_given_to_one(app: App) {
    let wanted = "wanted@example.com";
    let mut wishes = JoinSet::new();
    for index in 0..4 {
        let user = app.register(&format!("user{index}@example.com")).await;
        user.post("/users/me/email", json!({"new_email": wanted, "password": PASSWORD})).await.expect(202);
        let token = app.process().mail_number(index + 1, Letter::ConfirmNewEmail, wanted).token();
        wishes.spawn(app.api().post("/auth/email/verify", json!({"token": token})).into_future());
    }
    wishes.spawn(app.api().register(wanted, json!({})).into_future());
    let statuses = statuses(wishes.join_all().await);
    assert_eq!(statuses.iter().filter(|status| **status < 300).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 4, "{statuses:?}");
    let addresses = app.setup().sql("SELECT email_key AS text FROM users").await;
    assert_eq!(addresses.iter().collect::<BTreeSet<_>>().len(), addresses.len(), "{addresses:?}");
    assert!(addresses.iter().any(|address| address == wanted), "{addresses:?}");
}
