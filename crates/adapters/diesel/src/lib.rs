//! Repositories and unit of work over SQLite and PostgreSQL.
//!
//! Both databases have the same tables and go through the same Diesel code: `with_conn!` stamps a
//! query for each of the two connection types. What differs between the dialects was removed before
//! text gets here (see `contacts_domain::folding`), so there is no branch on the database in any
//! query. Where the databases do differ is said in one place each: how a connection is opened
//! (`postgres`, `sqlite`), how a transaction begins and ends (`postgres::transaction`, `sqlite::writer`), how an error is read
//! (`error`), how rows are treated that somebody else has locked: passed over (`outbox::skip_locked`), or
//! waited for (`remaining_user`), which index a search begins with (`contact::search_index`).
//!
//! | to find | look in |
//! |---|---|
//! | tables | `schema`, and `migrations/` at the top of the workspace |
//! | how a contact is stored | `contact::row` |
//! | how a user is stored | `user::row` |
//! | sessions, and who is behind one | `session` |
//! | searching, sorting, paging | `contact::filter`, `contact::order`, `contact::relevance` |
//! | what is done after an upgrade of the rules of searching | `contact::refold` |
//! | mails that wait, and who holds them | `outbox` |
//! | requests that happen once | `idempotency` |
//! | pools and how many connections | [`Database`] |
//! | reads that share a connection, writes that share a commit | `postgres::pipelines`, `sqlite::writer` |
//! | transactions | `unit_of_work`, `postgres::transaction`, `postgres::writers` |
//! | archives: what they look like, how they are written and restored | `backup` |
//! | how a read, and how a statement of a transaction, is run on either database | `reader`, `connection` |
//!
//! No row type leaves this crate.

mod address_book;
mod audit;
mod avatar;
pub mod backup;
mod connection;
mod contact;
mod database;
mod error;
mod examine;
mod id;
mod idempotency;
mod link;
pub mod migrations;
mod outbox;
mod postgres;
mod reader;
mod remaining_user;
mod schema;
mod session;
mod slow;
mod sqlite;
mod time;
mod tls;
mod unit_of_work;
mod url;
mod user;
mod user_lock;
mod warnings;

pub use database::{ConnectError, Database, DatabaseConfig};
pub use examine::{ExamineError, examine};
pub use url::{DatabaseUrl, InvalidUrl};
