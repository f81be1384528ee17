//! The ports: what this system needs of the world outside.
//!
//! Each is an object-safe trait. The documentation of a method says what an adapter MUST do; the
//! suites of `contacts-contract` hold every adapter to it. With the feature `testing` each port has
//! a mock.
//!
//! To write an adapter: implement the trait in a crate of its own under `crates/adapters`, translate
//! the driver's errors once, at its edge, and call the port's suite from the crate's tests.

mod clock;
mod contacts;
mod password_hasher;
mod repository_error;
mod token_codec;
mod unit_of_work;
mod user_cache;
mod users;

pub use clock::{Clock, IdGenerator};
pub use contacts::{AddressBookRepository, ContactReader, ContactRepository};
pub use password_hasher::{HasherError, PasswordHasher};
pub use repository_error::{RepositoryError, RepositoryResult, UniqueKey};
pub use token_codec::{Claims, TokenCodec, TokenError, TokenKind};
pub use unit_of_work::{ReadRepositories, UnitOfWork, UnitOfWorkFactory};
pub use user_cache::UserCache;
pub use users::{UserReader, UserRepository};

#[cfg(any(test, feature = "testing"))]
pub use {
    clock::{MockClock, MockIdGenerator},
    contacts::{MockAddressBookRepository, MockContactReader, MockContactRepository},
    password_hasher::MockPasswordHasher,
    token_codec::MockTokenCodec,
    user_cache::MockUserCache,
    users::{MockUserReader, MockUserRepository},
};

/// The cause of a fault, for the log alone: its text may say anything.
pub type Source = Box<dyn std::error::Error + Send + Sync>;
