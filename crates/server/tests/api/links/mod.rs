//! Links in mails: to verify an address, to change it, to choose another password.

mod email_change;
mod equal_answers;
mod required;
mod resend;
mod reset;
mod unusable;
mod verification;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, Request};

const EMAIL: &str = "ada@example.com";
const NEW_PASSWORD: &str = "Walrus-Compass-17-Ferry";

fn ask_for_verification(app: &App, email: &str) -> Request {
    app.api().post("/auth/email/verification", json!({"email": email}))
}

fn ask_for_reset(app: &App, email: &str) -> Request {
    app.api().post("/auth/password/forgot", json!({"email": email}))
}

fn verify(app: &App, token: &str) -> Request {
    app.api().post("/auth/email/verify", json!({"token": token}))
}

fn reset(app: &App, token: &str, new_password: &str) -> Request {
    app.api().post("/auth/password/reset", json!({"token": token, "new_password": new_password}))
}

async fn me(client: &Client) -> Value {
    client.get("/users/me").await.expect(200).json()
}

/// All of an answer that could tell one request from another.
fn told(mut answer: Answer) -> (u16, HeaderMap, Vec<u8>) {
    for of_each_request in ["date", "x-request-id"] {
        answer.headers.remove(of_each_request);
    }
    (answer.status, answer.headers, answer.body)
}
