//! What lies around the API.

mod docs;
mod error_pages;
mod headers;
mod health;
mod logs;
mod openapi;
mod security_headers;
