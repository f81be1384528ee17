//! Contacts, one at a time.

mod concurrency;
mod create;
mod delete;
mod ownership;
mod patch;
mod phone;
mod read;
mod replace;
mod required_fields;

use serde_json::Value;

use crate::harness::{Client, path_of};

/// A contact as it is now.
async fn fetch(client: &Client, contact: &Value) -> Value {
    client.get(&path_of(contact)).await.expect(200).json()
}
