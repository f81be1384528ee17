//! What a store promises: [`UnitOfWorkFactory`] with the repositories and readers behind it.

pub mod audit;
pub mod avatars;
pub mod birthdays;
mod cases_of_accounts;
mod cases_of_contacts;
pub mod change_feed;
pub mod changes;
pub mod concurrency;
pub mod contacts;
pub mod creations;
pub mod credentials;
pub mod deletion;
pub mod filters;
pub mod idempotency;
pub mod idempotency_races;
pub mod isolation;
pub mod labels;
pub mod links;
pub mod listing;
pub mod mail_outcomes;
pub mod near_search;
pub mod outbox;
pub mod paging;
pub mod reference;
pub mod relevance;
pub mod search;
pub mod search_and_writes;
pub mod session_races;
pub mod sessions;
pub mod steps;
pub mod transactions;
pub mod trash;
pub mod trash_races;
pub mod users;

use std::sync::Arc;

use contacts_domain::ports::UnitOfWorkFactory;

/// What the suite is run against: empty, and each case's own. Users are told apart, but a mail is claimed, and a
/// picture swept away, whosever it is.
pub type Store = Arc<dyn UnitOfWorkFactory>;

/// Runs every case against a store that the argument makes: an async function without arguments that
/// returns `Subject<Store>`.
#[macro_export]
macro_rules! store_suite {
    ($fresh:expr) => {
        $crate::__store_cases_of_accounts!($fresh);
        $crate::__store_cases_of_contacts!($fresh);
    };
}
