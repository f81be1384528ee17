//! The pages that mailed links open, as a browser sees them. What each of them must carry is asserted
//! when it arrives, whatever the test is about.

mod languages;
mod links;
mod refusals;
mod secrecy;

use reqwest::Method;

use crate::harness::{App, Request};

const EMAIL: &str = "ada@example.com";
const NEW_PASSWORD: &str = "Walrus-Compass-17-Ferry";
const PATHS: [&str; 2] = ["/verify-email", "/reset-password"];

/// Opens a link.
fn open(app: &App, path: &str, token: &str) -> Request {
    app.root().get(path).query(&[("token", token)])
}

/// Sends the form of a page.
fn send(app: &App, path: &str, fields: &[(&str, &str)]) -> Request {
    app.root().request(Method::POST, path).form(fields)
}
