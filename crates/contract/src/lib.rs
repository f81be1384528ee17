//! One suite of cases for each port; every adapter of that port must pass it.
//!
//! A case is an async function that takes the port and panics where the adapter breaks its promise.
//! Its name is the promise. A suite is a macro that stamps one `#[tokio::test]` for each case into
//! the tests of an adapter, so that the output names every promise on its own:
//!
//! ```text
//! use contacts_contract::{Subject, store::Store};
//!
//! mod sqlite {
//!     async fn fresh_store() -> Subject<Store> {
//!         let folder = tempfile::tempdir().unwrap();
//!         let database = /* open a new database in the folder, and migrate it */;
//!         Subject::new(Arc::new(database), folder)
//!     }
//!     contacts_contract::store_suite!(fresh_store);
//! }
//! ```
//!
//! The argument is anything that can be called without arguments and awaited; it is called once for
//! each case. Two adapters that are tested in one crate stand in two modules. The adapter needs
//! `tokio` with `macros` and `rt-multi-thread` among its dev-dependencies.
//!
//! | port | suite | subject |
//! |---|---|---|
//! | `UnitOfWorkFactory`, the repositories and readers | [`store_suite!`] | [`store::Store`] |
//! | `UserCache` | [`user_cache_suite!`] | `Arc<dyn UserCache>` |
//! | `RateLimiter` | [`rate_limiter_suite!`] | `Arc<dyn RateLimiter>` |
//! | `PasswordHasher` | [`password_hasher_suite!`] | `Arc<dyn PasswordHasher>` |
//! | `TokenCodec` | [`token_codec_suite!`] | [`token_codec::Codecs`] |
//! | `LinkTokens` | [`link_tokens_suite!`] | [`link_tokens::Links`] |
//! | `AvatarPipeline` | [`avatar_pipeline_suite!`] | [`avatar_pipeline::Pipeline`] |
//! | `AvatarStore` | [`avatar_store_suite!`] | [`avatar_store::Shelf`] |
//! | `Mailer` | [`mailer_suite!`] | [`mailer::Post`] |
//! | `Clock` | [`clock_suite!`] | `Arc<dyn Clock>` |
//! | `IdGenerator` | [`id_generator_suite!`] | `Arc<dyn IdGenerator>` |
//!
//! Where an adapter speaks to a service of others, [`servers`] has one that behaves like it.
//!
//! **A new case**: write the function, add its name to the macro in the same module; a test of this
//! crate fails where that was forgotten. Cases ask for no order among themselves, do not sleep and
//! do not look at how long something took. What they write has ids and addresses of its own, so that
//! cases may share one server ([`fixtures`]).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a case fails by panicking: all of this crate is test code"
)]

pub mod avatar_pipeline;
pub mod avatar_store;
mod cases;
pub mod clock;
pub mod fixtures;
pub mod id_generator;
pub mod link_tokens;
pub mod mailer;
pub mod password_hasher;
pub mod rate_limiter;
pub mod servers;
pub mod store;
pub mod token_codec;
pub mod user_cache;

use std::{any::Any, fmt};

/// What a suite is run against, with whatever must live as long: a temporary folder, a database that
/// is dropped in the end.
pub struct Subject<T> {
    /// What is judged. Each case gets a clone.
    pub port: T,
    /// Declared after the port, and so dropped after it.
    pub guard: Box<dyn Any + Send + Sync>,
}

impl<T> Subject<T> {
    /// Any guard will do: it is only kept, and dropped when the case is over.
    pub fn new(port: T, guard: impl Any + Send + Sync) -> Self {
        Self { port, guard: Box::new(guard) }
    }
}

impl<T> From<T> for Subject<T> {
    fn from(port: T) -> Self {
        Self::new(port, ())
    }
}

impl<T> fmt::Debug for Subject<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject").finish_non_exhaustive()
    }
}
