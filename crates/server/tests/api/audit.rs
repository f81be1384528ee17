//! The audit log: one row for each thing that happened to an account, there as soon as it is answered.

use reqwest::{Method, header::USER_AGENT};
use serde_json::{Value, json};

use crate::harness::{App, Client, Letter, PASSWORD, on_both_databases};

on_both_databases!(
    registration_and_logins_are_recorded,
    what_becomes_of_sessions_is_recorded,
    what_becomes_of_passwords_is_recorded,
    what_becomes_of_addresses_is_recorded,
    what_was_refused_changed_nothing_and_is_recorded_as_nothing_more,
    a_row_is_one_line_and_outlives_its_account,
);

const EMAIL: &str = "ada@example.com";
const NEW_EMAIL: &str = "ada@example.org";
const NEW_PASSWORD: &str = "Heron-Violin-77-Copper";

/// What was recorded, in the order in which it happened.
async fn log(app: &App) -> Vec<Value> {
    let mut rows = app.setup().rows("audit_log").await;
    // The ids of one process are in the order of their making.
    rows.sort_by_key(|row| row["id"].as_str().unwrap().to_owned());
    rows
}

async fn kinds(app: &App) -> Vec<String> {
    log(app).await.iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
}

async fn registered(app: &App) -> Client {
    app.api().register(EMAIL, json!({})).await.expect(201);
    app.api()
}

fn user(tokens: &Value, api: &Client) -> Client {
    api.with_token(tokens["access_token"].as_str().unwrap())
}

async fn registration_and_logins_are_recorded(app: App) {
    let api = registered(&app).await;
    assert_eq!(kinds(&app).await, ["registered"]);
    api.log_in(EMAIL, PASSWORD).await.expect(200);
    api.log_in(EMAIL, "wrong").await.expect(401);
    api.log_in("nobody@example.com", "wrong").await.expect(401);
    assert_eq!(kinds(&app).await, ["registered", "logged_in", "login_failed", "login_failed"]);
    let log = log(&app).await;
    let [registered, logged_in, wrong, unknown] = log.as_slice() else { panic!("{log:#?}") };
    for row in [registered, logged_in, wrong] {
        assert!(row["user_id"].is_string(), "{row}");
        assert_eq!(row["user_id"], registered["user_id"]);
    }
    assert_eq!(unknown["user_id"], Value::Null, "nobody has that account");
    assert!(logged_in["session_id"].is_string() && wrong["session_id"].is_null(), "{log:#?}");
    assert!(log.iter().all(|row| row["address"] == "127.0.0.1" && row["at"].is_string()), "{log:#?}");
}

async fn what_becomes_of_sessions_is_recorded(app: App) {
    let api = registered(&app).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(api.log_in(EMAIL, PASSWORD).await.expect(200).json());
    }
    let [first, second, third] = sessions.try_into().unwrap();

    let list = user(&first, &api).get("/users/me/sessions").await.expect(200).json();
    let other = list["items"].as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
    let ended = other["id"].as_str().unwrap();
    user(&first, &api).delete(&format!("/users/me/sessions/{ended}")).await.expect(204);
    assert_eq!(kinds(&app).await[4..], ["session_ended"]);
    assert_eq!(same_id(&log(&app).await[4]["session_id"]), same_id(&other["id"]), "it is the one that ended");

    user(&first, &api).request(Method::POST, "/auth/logout").await.expect(204);
    assert_eq!(kinds(&app).await[5..], ["logged_out"]);

    // Of the two that were left one goes on, and its refresh token is used after it was exchanged twice.
    let mut alive = None;
    for session in [second, third] {
        if user(&session, &api).get("/users/me").await.status == 200 {
            alive = Some(session);
        }
    }
    let stolen = alive.expect("one session goes on")["refresh_token"].clone();
    let mut token = stolen.clone();
    for _ in 0..2 {
        let next = api.post("/auth/refresh", json!({"refresh_token": token})).await.expect(200).json();
        token = next["refresh_token"].clone();
    }
    api.post("/auth/refresh", json!({"refresh_token": stolen})).await.problem(401, "invalid_token");
    assert_eq!(kinds(&app).await[6..], ["refresh_reused"]);
}

/// An id as either database keeps it, or as the API writes it.
fn same_id(id: &Value) -> String {
    id.as_str().unwrap().replace('-', "")
}

async fn what_becomes_of_passwords_is_recorded(app: App) {
    let api = registered(&app).await;
    let ada = api.logged_in(EMAIL).await;
    let change = json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD});
    ada.post("/users/me/password", change).await.expect(204);
    assert_eq!(kinds(&app).await[2..], ["password_changed"]);

    api.post("/auth/password/forgot", json!({"email": EMAIL})).await.expect(202);
    let token = app.mailed_token(Letter::ResetPassword, EMAIL);
    assert_eq!(kinds(&app).await.len(), 3, "a link that was asked for changes nothing");
    let reset = json!({"token": token, "new_password": PASSWORD});
    api.post("/auth/password/reset", &reset).await.expect(204);
    assert_eq!(kinds(&app).await[3..], ["password_reset"]);
    api.post("/auth/password/reset", &reset).await.problem(400, "invalid_link");
    assert_eq!(kinds(&app).await.len(), 4);
}

async fn what_becomes_of_addresses_is_recorded(app: App) {
    let api = registered(&app).await;
    let token = app.mailed_token(Letter::VerifyEmail, EMAIL);
    api.post("/auth/email/verify", json!({"token": token})).await.expect(204);
    assert_eq!(kinds(&app).await[1..], ["email_verified"]);

    let ada = api.logged_in(EMAIL).await;
    ada.post("/users/me/email", json!({"new_email": NEW_EMAIL, "password": PASSWORD})).await.expect(202);
    assert_eq!(kinds(&app).await[3..], ["email_change_requested"]);
    let token = app.mailed_token(Letter::ConfirmNewEmail, NEW_EMAIL);
    api.post("/auth/email/verify", json!({"token": token})).await.expect(204);
    assert_eq!(kinds(&app).await[4..], ["email_changed"]);
}

async fn what_was_refused_changed_nothing_and_is_recorded_as_nothing_more(app: App) {
    let api = registered(&app).await;
    let ada = api.logged_in(EMAIL).await;
    let before = kinds(&app).await.len();
    api.register(EMAIL, json!({})).await.problem(409, "email_taken");
    api.post("/auth/register", json!({"email": "x", "password": "x"})).await.problem(422, "validation_failed");
    api.post("/auth/login", json!({})).await.problem(422, "validation_failed");
    api.post("/auth/refresh", json!({"refresh_token": "nonsense"})).await.problem(401, "invalid_token");
    api.post("/auth/email/verify", json!({"token": "nonsense"})).await.problem(400, "invalid_link");
    ada.delete("/users/me/sessions/0193f3a4-7d6b-7000-8000-000000000000").await.problem(404, "not_found");
    assert_eq!(kinds(&app).await.len(), before);
    // A wrong password is a failed login, wherever it is asked for.
    for (path, body) in [
        ("/users/me/password", json!({"current_password": "wrong", "new_password": NEW_PASSWORD})),
        ("/users/me/email", json!({"new_email": NEW_EMAIL, "password": "wrong"})),
        ("/users/me/delete", json!({"password": "wrong"})),
    ] {
        ada.post(path, body).await.problem(403, "wrong_password");
    }
    assert_eq!(kinds(&app).await[before..], ["login_failed"; 3]);
}

async fn a_row_is_one_line_and_outlives_its_account(app: App) {
    let api = registered(&app).await;
    let agent = b"curl/8\tx\xff \xe2\x80\x93 y";
    let login = api.log_in(EMAIL, PASSWORD).header_bytes(USER_AGENT, agent).await.expect(200).json();
    user(&login, &api).post("/users/me/delete", json!({"password": PASSWORD})).await.expect(204);
    assert_eq!(kinds(&app).await, ["registered", "logged_in", "account_deleted"]);
    let log = log(&app).await;
    assert!(log.iter().all(|row| row["user_id"].is_string() && row["user_id"] == log[0]["user_id"]), "{log:#?}");
    let agent = log[1]["user_agent"].as_str().unwrap();
    assert!(agent.starts_with("curl/8") && !agent.contains(char::is_control), "{agent:?}");
    assert!(app.setup().rows("users").await.is_empty() && app.setup().rows("sessions").await.is_empty());
}
