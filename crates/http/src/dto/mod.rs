//! The JSON of requests and answers.
//!
//! Types that are answered serialize themselves. Types that are sent are read field by field into
//! the domain's drafts (see [`crate::json`]); the struct beside each says in the OpenAPI document how
//! it looks. Each file also says what its schemas are bound by, in `describe`.

pub(crate) mod account;
pub(crate) mod account_request;
pub(crate) mod batch;
pub(crate) mod birthday;
pub(crate) mod changes;
pub(crate) mod contact;
pub(crate) mod contact_list;
pub(crate) mod export;
pub(crate) mod label;
pub(crate) mod nothing;
pub(crate) mod problem;
pub(crate) mod service;
pub(crate) mod session;
pub(crate) mod token;
pub(crate) mod trash;
pub(crate) mod written;

use chrono::SecondsFormat;
use contacts_domain::Timestamp;

use crate::openapi::Document;

/// RFC 3339 in UTC with microseconds.
pub(crate) fn time(time: Timestamp) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

pub(crate) fn describe(document: &mut Document) {
    account::describe(document);
    account_request::describe(document);
    batch::describe(document);
    birthday::describe(document);
    changes::describe(document);
    contact::describe(document);
    contact_list::describe(document);
    export::describe(document);
    label::describe(document);
    nothing::describe(document);
    problem::describe(document);
    service::describe(document);
    session::describe(document);
    token::describe(document);
    trash::describe(document);
}
