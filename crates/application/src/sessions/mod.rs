//! Sessions: who is logged in, where, and for how long.

mod authenticate;
mod end;
mod issuer;
mod list;
mod log_in;
mod refresh;

pub use authenticate::Authenticate;
pub use end::EndSession;
pub use issuer::TokenPair;
pub use list::ListSessions;
pub use log_in::{LogIn, LoginAttempt};
pub use refresh::{Refresh, RefreshRequest};

use crate::{
    Dependencies,
    audit::Auditor,
    limits::{LoginLimits, RefreshLimit},
};
use issuer::TokenIssuer;

/// What can be done with sessions.
pub struct Sessions {
    /// Begins a session.
    pub log_in: LogIn,
    /// Keeps a session up.
    pub refresh: Refresh,
    /// Whose request it is, by its access token.
    pub authenticate: Authenticate,
    /// The sessions of a user that are alive.
    pub list: ListSessions,
    /// One session of a user: their own, or another one.
    pub end: EndSession,
}

impl Sessions {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        let Dependencies { store, password_hasher, tokens, user_cache, clock, ids, policy, .. } = dependencies;
        let issuer = TokenIssuer { codec: tokens.clone(), lifetimes: policy.session_lifetimes };
        let auditor = Auditor { clock: clock.clone(), ids: ids.clone() };
        Self {
            log_in: LogIn {
                store: store.clone(),
                password_hasher: password_hasher.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                issuer: issuer.clone(),
                auditor: auditor.clone(),
                limits: LoginLimits::new(dependencies),
                require_verified_email: policy.require_verified_email,
            },
            refresh: Refresh {
                store: store.clone(),
                tokens: tokens.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
                issuer,
                auditor: auditor.clone(),
                limit: RefreshLimit::new(dependencies),
            },
            authenticate: Authenticate {
                store: store.clone(),
                tokens: tokens.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
            },
            list: ListSessions { store: store.clone(), clock: clock.clone() },
            end: EndSession { store: store.clone(), user_cache: user_cache.clone(), clock: clock.clone(), auditor },
        }
    }
}
