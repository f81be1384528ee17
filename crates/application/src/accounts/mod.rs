//! Accounts: who somebody is, and how they prove it.

mod change_email;
mod change_password;
mod delete;
mod export;
mod order_link;
mod password_check;
mod redeem;
mod register;
mod requests;
mod reset_password;
mod update_profile;
mod verify_email;

use contacts_domain::mail::MailSubject;

pub use change_email::ChangeEmail;
pub use change_password::ChangePassword;
pub use delete::DeleteAccount;
pub use export::ExportContacts;
pub use order_link::OrderLink;
pub use register::Register;
pub use requests::{AccountDeletion, AddressRequest, EmailChange, LinkRequest, PasswordChange, PasswordReset};
pub use reset_password::ResetPassword;
pub use update_profile::UpdateProfile;
pub use verify_email::VerifyEmail;

use crate::{Dependencies, audit::Auditor, avatars::SweepAvatars, limits::LoginLimits};
use password_check::PasswordCheck;

/// What can be done with an account.
pub struct Accounts {
    /// Opens an account, and orders the mail that verifies its address.
    pub register: Register,
    /// Sends the link of `verify_email` again.
    pub request_verification: OrderLink,
    /// Follows a mailed link: the address of the account, or another one, is proved to be the user's.
    pub verify_email: VerifyEmail,
    /// Sends the link of `reset_password`.
    pub forgot_password: OrderLink,
    /// Follows a mailed link: sets a password without the old one.
    pub reset_password: ResetPassword,
    /// Changes what users say of themselves.
    pub update_profile: UpdateProfile,
    /// Takes the old one, and ends the other sessions.
    pub change_password: ChangePassword,
    /// Takes the password. The new address counts once its link was followed.
    pub change_email: ChangeEmail,
    /// Takes the password. What is deleted does not come back.
    pub delete: DeleteAccount,
    /// Reads all contacts in chunks, for as long as it takes.
    pub export: ExportContacts,
}

impl Accounts {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        let Dependencies { store, password_hasher, link_tokens, user_cache, clock, ids, .. } = dependencies;
        let auditor = Auditor { clock: clock.clone(), ids: ids.clone() };
        let password_check = PasswordCheck {
            store: store.clone(),
            password_hasher: password_hasher.clone(),
            limits: LoginLimits::new(dependencies),
            auditor: auditor.clone(),
        };
        let order_link = |subject| OrderLink { store: store.clone(), clock: clock.clone(), ids: ids.clone(), subject };
        Self {
            register: Register {
                store: store.clone(),
                password_hasher: password_hasher.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                auditor: auditor.clone(),
            },
            request_verification: order_link(|address| MailSubject::VerifyEmail { address }),
            verify_email: VerifyEmail {
                store: store.clone(),
                link_tokens: link_tokens.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                auditor: auditor.clone(),
            },
            forgot_password: order_link(|address| MailSubject::ResetPassword { address }),
            reset_password: ResetPassword {
                store: store.clone(),
                link_tokens: link_tokens.clone(),
                password_hasher: password_hasher.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                auditor: auditor.clone(),
            },
            update_profile: UpdateProfile {
                store: store.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
            },
            change_password: ChangePassword {
                store: store.clone(),
                password_hasher: password_hasher.clone(),
                password_check: password_check.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                auditor: auditor.clone(),
            },
            change_email: ChangeEmail {
                store: store.clone(),
                password_check: password_check.clone(),
                link_tokens: link_tokens.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                auditor: auditor.clone(),
            },
            delete: DeleteAccount {
                store: store.clone(),
                password_check,
                user_cache: user_cache.clone(),
                auditor,
                sweep: SweepAvatars::new(dependencies),
            },
            export: ExportContacts { store: store.clone() },
        }
    }
}
