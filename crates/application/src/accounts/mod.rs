//! Accounts: who somebody is, and how they prove it.

mod authenticate;
mod log_in;
mod refresh;
mod register;
mod tokens;
mod update_profile;

pub use authenticate::Authenticate;
pub use log_in::{LogIn, LoginAttempt};
pub use refresh::{Refresh, RefreshRequest};
pub use register::Register;
pub use tokens::{TokenLifetimes, TokenPair};
pub use update_profile::UpdateProfile;

use crate::Dependencies;
use tokens::TokenIssuer;

/// What can be done with an account.
pub struct Accounts {
    pub register: Register,
    pub log_in: LogIn,
    pub refresh: Refresh,
    pub authenticate: Authenticate,
    pub update_profile: UpdateProfile,
}

impl Accounts {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        let Dependencies {
            store,
            password_hasher,
            tokens,
            user_cache,
            clock,
            ids,
            token_lifetimes,
            required_fields: _,
        } = dependencies;
        let issuer = TokenIssuer { codec: tokens.clone(), lifetimes: *token_lifetimes };
        Self {
            register: Register {
                store: store.clone(),
                password_hasher: password_hasher.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            log_in: LogIn {
                store: store.clone(),
                password_hasher: password_hasher.clone(),
                clock: clock.clone(),
                issuer: issuer.clone(),
            },
            refresh: Refresh { store: store.clone(), tokens: tokens.clone(), clock: clock.clone(), issuer },
            authenticate: Authenticate {
                store: store.clone(),
                tokens: tokens.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
            },
            update_profile: UpdateProfile {
                store: store.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
            },
        }
    }
}
