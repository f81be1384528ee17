//! What an operator does to accounts, at the machine itself. Nobody called: the audit log names no address.

mod keep_out;
mod set_password;
mod show;
mod verify;

pub use self::{
    keep_out::KeepOut,
    set_password::SetPassword,
    show::{ListAccounts, ShowAccount},
    verify::VerifyAccount,
};

use crate::{Dependencies, audit::Auditor};

/// The use cases of an operator.
pub struct Operators {
    /// Who has an account.
    pub list: ListAccounts,
    /// One account, found by its address or its id.
    pub show: ShowAccount,
    /// An address that is known to be theirs, without a link.
    pub verify: VerifyAccount,
    /// Another password at once, without a link.
    pub set_password: SetPassword,
    /// Whom the service keeps out, and lets in again.
    pub keep_out: KeepOut,
}

impl Operators {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        let Dependencies { store, password_hasher, user_cache, clock, ids, .. } = dependencies;
        let auditor = Auditor { clock: clock.clone(), ids: ids.clone() };
        Self {
            list: ListAccounts { store: store.clone() },
            show: ShowAccount { store: store.clone() },
            verify: VerifyAccount {
                store: store.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
                auditor: auditor.clone(),
            },
            set_password: SetPassword {
                store: store.clone(),
                password_hasher: password_hasher.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                auditor: auditor.clone(),
            },
            keep_out: KeepOut { store: store.clone(), user_cache: user_cache.clone(), clock: clock.clone(), auditor },
        }
    }
}
