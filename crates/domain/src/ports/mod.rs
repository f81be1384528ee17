//! The ports: what this system needs of the world outside.
//!
//! Each is an object-safe trait. The documentation of a method says what an adapter MUST do; the
//! suites of `contacts-contract` hold every adapter to it. With the feature `testing` each port has
//! a mock.
//!
//! To write an adapter: implement the trait in a crate of its own under `crates/adapters`, translate
//! the driver's errors once, at its edge, and call the port's suite from the crate's tests.

mod audit;
mod avatars;
mod clock;
mod contacts;
mod idempotency;
mod links;
mod mail;
mod meter;
mod password_hasher;
mod rate_limiter;
mod repository_error;
mod sessions;
mod token_codec;
mod unit_of_work;
mod user_cache;
mod users;

pub use audit::{AuditLog, AuditReader};
pub use avatars::{AvatarPipeline, AvatarRepository, AvatarStore, MediaReader, PipelineError, StoreError};
pub use clock::{Clock, IdGenerator};
pub use contacts::{AddressBookRepository, ContactReader, ContactRepository};
pub use idempotency::IdempotencyRepository;
pub use links::{LinkRepository, LinkTokens};
pub use mail::{MailOutbox, Mailer, MailerError, OutboxReader};
pub use meter::{Event, Exposition, Limit, Meter, MetricsReader, Ruling};
pub use password_hasher::{HasherError, PasswordHasher, Verification};
pub use rate_limiter::RateLimiter;
pub use repository_error::{RepositoryError, RepositoryResult, UniqueKey};
pub use sessions::{SessionReader, SessionRepository};
pub use token_codec::{AccessClaims, RefreshClaims, TokenCodec, TokenError};
pub use unit_of_work::{ReadRepositories, UnitOfWork, UnitOfWorkFactory};
pub use user_cache::{GONE, InvalidationListener, UserCache};
pub use users::{UserReader, UserRepository};

#[cfg(any(test, feature = "testing"))]
pub use {
    audit::{MockAuditLog, MockAuditReader},
    avatars::{MockAvatarPipeline, MockAvatarRepository, MockAvatarStore, MockMediaReader},
    clock::{MockClock, MockIdGenerator},
    contacts::{MockAddressBookRepository, MockContactReader, MockContactRepository},
    idempotency::MockIdempotencyRepository,
    links::{MockLinkRepository, MockLinkTokens},
    mail::{MockMailOutbox, MockMailer, MockOutboxReader},
    meter::{MockMeter, MockMetricsReader},
    password_hasher::MockPasswordHasher,
    rate_limiter::MockRateLimiter,
    sessions::{MockSessionReader, MockSessionRepository},
    token_codec::MockTokenCodec,
    user_cache::{MockInvalidationListener, MockUserCache},
    users::{MockUserReader, MockUserRepository},
};

/// The cause of a fault, for the log alone: its text may say anything.
pub type Source = Box<dyn std::error::Error + Send + Sync>;
