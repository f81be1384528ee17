//! Requests that are wrong: each is answered with what is wrong about it, nothing is stored, and
//! nothing breaks. (That no answer is a 500 is checked for every answer of every test.)

mod broken_json;
mod media_types;
mod nul;
mod queries;
mod sizes;
mod unread_bodies;
mod values;

use reqwest::Method;
use serde_json::json;

use crate::harness::{Client, Request};

/// A creation with any bytes for a body.
fn raw_creation(user: &Client, body: impl Into<Vec<u8>>) -> Request {
    user.request(Method::POST, "/contacts").body("application/json", body)
}

async fn assert_nothing_stored(user: &Client) {
    assert_eq!(user.list(&[]).await["items"], json!([]));
}
