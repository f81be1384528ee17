use std::time::Duration;

use crate::{mail::Backlog, rate_limit::RateKey};

/// Is told what happens, and counts it.
///
/// Nothing of it names a person: what is counted may be read by whoever runs the service.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
pub trait Meter: Send + Sync {
    /// MUST neither block nor fail: it is called in the middle of everything.
    fn note<'a>(&self, event: &Event<'a>);
}

/// What was counted, for who collects it.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
pub trait MetricsReader: Send + Sync {
    /// Everything since the process began. Reading resets nothing.
    fn read(&self) -> Exposition;
}

/// Figures in a form that others read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposition {
    /// The media type of the text.
    pub media_type: &'static str,
    /// The body of the answer to whoever collects.
    pub text: String,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A request was answered. The route is the pattern that led to the answer, never a path.
    Answered {
        /// Of a closed list: a client may send any, and each that is counted costs memory.
        method: &'a str,
        /// The pattern, as `/api/v1/contacts/{id}`; `none` where no route was found.
        route: &'a str,
        /// The status code (RFC 9110 section 15).
        status: u16,
        /// Until the answer was made; the body of a streamed one is not waited for.
        took: Duration,
    },
    /// The cache of current users was asked, and knew.
    CacheHit,
    /// The cache of current users was asked, and did not know.
    CacheMiss,
    /// A limiter was asked for one more.
    Limited {
        /// Which limiter was asked.
        limit: Limit,
        /// What it said.
        ruling: Ruling,
    },
    /// A transaction could begin, or gave up, after it had waited.
    TransactionAwaited {
        /// Until it began, or until that was given up.
        waited: Duration,
    },
    /// What there is to send.
    Outbox {
        /// As it was counted in the database, over all replicas.
        backlog: Backlog,
        /// For how long the oldest mail has waited; zero where none waits.
        oldest: Duration,
    },
}

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Requests of one address, in this process.
    Address,
    /// Requests of a user to their contacts.
    Contacts,
    /// Attempts to log in.
    Login,
    /// Refreshes of a session.
    Refresh,
    /// Attempts, within a session, to name the password of its user.
    Password,
}

impl From<&RateKey> for Limit {
    fn from(key: &RateKey) -> Self {
        match key {
            RateKey::Contacts(_) => Self::Contacts,
            RateKey::LoginFrom { .. } | RateKey::LoginByStrangers { .. } => Self::Login,
            RateKey::Refresh(_) => Self::Refresh,
            RateKey::PasswordIn(_) => Self::Password,
        }
    }
}

/// What a limiter said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ruling {
    /// One more was possible.
    Allowed,
    /// The bucket was empty.
    Refused,
    /// It could not tell.
    Unknown,
}
