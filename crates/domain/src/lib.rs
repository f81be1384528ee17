//! What a contact, a user and a birthday are, and the ports to the world outside.
//!
//! This crate is pure and synchronous: no clock, no randomness, no input or output. Text that
//! comes from outside becomes a type here, once ([parse, don't validate][parse]): a
//! [`PersonName`](person_name::PersonName) cannot be blank, a [`Birthday`](birthday::Birthday)
//! cannot be the 30th of February. What is wrong with a request is gathered in
//! [`ValidationErrors`](validation::ValidationErrors), all of it, so that a client learns of every
//! fault at once.
//!
//! | to find | look in |
//! |---|---|
//! | what makes a contact valid | [`contact`], [`contact_draft`], [`contact_patch`] |
//! | how text is compared and sorted | [`folding`] |
//! | which birthdays are near | [`birthday_window`] |
//! | what a search finds, and what an index holds | [`search`] |
//! | lists: filters, sorting, paging | [`contact_query`], [`birthday_query`], [`sort`], [`page`], [`cursor`] |
//! | writing without losing anything | [`precondition`], [`idempotency`], [`batch`], [`trash`] |
//! | following what changes | [`change_feed`] |
//! | who calls, and for how long | [`session`], [`caller`] |
//! | what is mailed, and what a mailed link may do | [`mail`], [`link`] |
//! | how much is allowed | [`rate_limit`], [`creation_quota`] |
//! | what an adapter must do | [`ports`] |
//!
//! Deliberately absent: HTTP statuses, SQL, JSON, any async runtime. Ports are async traits, but
//! nothing here awaits.
//!
//! [parse]: https://lexi-lambda.github.io/blog/2019/11/05/parse-don-t-validate/

pub mod address_book;
pub mod audit;
pub mod avatar;
pub mod batch;
pub mod birthday;
pub mod birthday_query;
pub mod birthday_window;
pub mod caller;
pub mod change_feed;
pub mod contact;
pub mod contact_draft;
pub mod contact_patch;
pub mod contact_query;
pub mod creation_quota;
pub mod cursor;
pub mod email_address;
pub mod folding;
mod format_character;
pub mod idempotency;
pub mod ids;
pub mod labels;
pub mod language;
pub mod link;
pub mod mail;
pub mod notes;
pub mod page;
pub mod password;
pub mod person_name;
pub mod phone;
pub mod ports;
pub mod precondition;
pub mod rate_limit;
pub mod required_fields;
pub mod search;
pub mod session;
pub mod sort;
pub mod time_zone;
pub mod trash;
pub mod user;
pub mod user_patch;
pub mod validation;

/// An instant in UTC. Every instant in this system has whole microseconds: that is what both
/// databases keep, so the clock truncates to it.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
