//! `GET /users/me/sessions` and `DELETE /users/me/sessions/{id}`

use std::collections::BTreeSet;

use reqwest::header::USER_AGENT;
use serde_json::{Value, json};

use crate::harness::{App, Client, LONG_AGO, PASSWORD, Session, on_both_databases};

on_both_databases!(
    sessions_are_listed_and_the_asking_one_is_current,
    the_session_that_was_refreshed_last_comes_first,
    another_session_can_be_ended,
    the_session_that_asks_can_be_ended,
    what_is_no_live_session_of_the_user_is_not_found,
);

const EMAIL: &str = "ada@example.com";

async fn sessions(client: &Client) -> Vec<Value> {
    let list = client.get("/users/me/sessions").await.expect(200).json();
    assert_eq!(list.as_object().unwrap().len(), 1, "{list}");
    list["items"].as_array().unwrap().clone()
}

fn ids(sessions: &[Value]) -> Vec<&str> {
    sessions.iter().map(|session| session["id"].as_str().unwrap()).collect()
}

/// The id of the session that asks. There is exactly one.
async fn current(client: &Client) -> String {
    let sessions = sessions(client).await;
    let current: Vec<_> = sessions.iter().filter(|session| session["current"] == true).collect();
    assert_eq!(current.len(), 1, "{sessions:#?}");
    current[0]["id"].as_str().unwrap().to_owned()
}

async fn end(client: &Client, id: &str) -> crate::harness::Answer {
    client.delete(&format!("/users/me/sessions/{id}")).await
}

async fn sessions_are_listed_and_the_asking_one_is_current(app: App) {
    app.api().register(EMAIL, json!({})).await.expect(201);
    let mut clients = Vec::new();
    for agent in ["Phone/1.0", "Laptop/2.0 (Łódź)"] {
        let tokens = app.api().log_in(EMAIL, PASSWORD).header(USER_AGENT, agent).await.expect(200).json();
        clients.push(app.api().with_token(tokens["access_token"].as_str().unwrap()));
    }
    app.register("eve@example.com").await;

    let listed = sessions(&clients[0]).await;
    let agents: Vec<_> = listed.iter().map(|session| session["user_agent"].as_str().unwrap()).collect();
    assert_eq!(agents, ["Laptop/2.0 (Łódź)", "Phone/1.0"]);
    for session in &listed {
        let members: BTreeSet<_> = session.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, BTreeSet::from(["id", "user_agent", "created_at", "last_used_at", "current"]));
        assert_eq!(session["created_at"], session["last_used_at"]);
        for time in ["created_at", "last_used_at"] {
            let time = session[time].as_str().unwrap();
            assert!(time.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(time).is_ok(), "{time}");
        }
    }
    assert_eq!(current(&clients[0]).await, ids(&listed)[1]);
    assert_eq!(current(&clients[1]).await, ids(&listed)[0]);
}

async fn the_session_that_was_refreshed_last_comes_first(app: App) {
    app.api().register(EMAIL, json!({})).await.expect(201);
    let (first, second) = (app.session(EMAIL).await, app.session(EMAIL).await);
    let (first_id, second_id) = (current(&first.client).await, current(&second.client).await);
    assert_eq!(ids(&sessions(&first.client).await), [&*second_id, &*first_id]);
    let first = first.refreshed().await;
    let listed = sessions(&first.client).await;
    assert_eq!(ids(&listed), [&*first_id, &*second_id], "it is the same session still");
    assert!(listed[0]["last_used_at"].as_str() > listed[0]["created_at"].as_str(), "{listed:#?}");
    // Using an access token is not what counts.
    second.assert_alive().await;
    assert_eq!(ids(&sessions(&first.client).await), [&*first_id, &*second_id]);
}

async fn another_session_can_be_ended(app: App) {
    app.api().register(EMAIL, json!({})).await.expect(201);
    let (phone, laptop): (Session, Session) = (app.session(EMAIL).await, app.session(EMAIL).await);
    let id = current(&phone.client).await;
    let answer = end(&laptop.client, &id).await.expect(204);
    assert!(answer.body.is_empty(), "{answer}");
    phone.assert_ended().await;
    laptop.assert_alive().await;
    assert!(!ids(&sessions(&laptop.client).await).contains(&&*id));
    end(&laptop.client, &id).await.problem(404, "not_found");
}

async fn the_session_that_asks_can_be_ended(app: App) {
    app.api().register(EMAIL, json!({})).await.expect(201);
    let session = app.session(EMAIL).await;
    end(&session.client, &current(&session.client).await).await.expect(204);
    session.assert_ended().await;
}

async fn what_is_no_live_session_of_the_user_is_not_found(app: App) {
    app.api().register(EMAIL, json!({})).await.expect(201);
    app.api().register("eve@example.com", json!({})).await.expect(201);
    let (ada, expired, eve) =
        (app.session(EMAIL).await, app.session(EMAIL).await, app.session("eve@example.com").await);
    let (foreign, over) = (current(&eve.client).await, current(&expired.client).await);
    let statement = format!(
        "UPDATE sessions SET expires_at = {LONG_AGO} WHERE last_used_at = \
         (SELECT max(s.last_used_at) FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = '{EMAIL}')"
    );
    app.setup().sql(&statement).await;
    assert_eq!(ids(&sessions(&ada.client).await), [current(&ada.client).await]);
    let unknown = "0193f3a4-7d6b-7000-8000-000000000000";
    let bodies: Vec<_> = {
        let mut bodies = Vec::new();
        for id in [foreign.as_str(), &over, unknown, "not-an-id", "%00", &foreign.to_uppercase()] {
            let mut problem = end(&ada.client, id).await.problem(404, "not_found");
            problem["request_id"] = Value::Null;
            bodies.push(problem);
        }
        bodies
    };
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:#?}");
    eve.assert_alive().await;
    ada.assert_alive().await;
    app.api().get("/users/me/sessions").await.problem(401, "unauthenticated");
    app.api().delete(&format!("/users/me/sessions/{foreign}")).await.problem(401, "unauthenticated");
}
