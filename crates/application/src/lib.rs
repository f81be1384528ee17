//! The use cases: what a user can do, one file a verb.
//!
//! A use case is a struct that holds the ports it needs and has one method, `execute`. It takes what
//! a client sent, as text, and the user it acts for; it lets the domain judge the text, does the
//! reading and writing in one unit of work, and answers with domain values or an [`Error`]. It knows
//! no HTTP, no JSON and no SQL, and asks the ports for the time and for new ids.
//!
//! What all of them keep to:
//! - a request is judged before the database is asked: what is wrong with it is told first;
//! - slow work (a password hash) is done before a transaction begins, never within;
//! - a transaction ends by a commit or an explicit rollback, see the module `transaction`;
//! - every future is `Send`, so that a request can run in a task of its own and is not cut in half
//!   when its client hangs up.
//!
//! To add a use case: write `<area>/<verb>.rs` with the struct, `execute` and, in the same file, a
//! test of its success and one of each failure; then add it as a field in the area's `mod.rs` and to
//! the test in this file. A port that is new here is a field of [`Dependencies`].

use std::sync::Arc;

use contacts_domain::{
    creation_quota::CreationQuota,
    ports::{
        AvatarPipeline, AvatarStore, Clock, IdGenerator, LinkTokens, Mailer, MediaReader, PasswordHasher, RateLimiter,
        TokenCodec, UnitOfWorkFactory, UserCache,
    },
    required_fields::RequiredFields,
    session::SessionLifetimes,
};

pub mod accounts;
pub mod audit;
pub mod avatars;
pub mod contacts;
pub mod error;
pub mod health;
pub mod housekeeping;
pub mod limits;
pub mod mail;
pub mod operators;
pub mod sessions;
mod transaction;
mod user_change;

#[cfg(test)]
mod testing;

pub use error::{Error, Result};

use accounts::Accounts;
use avatars::Avatars;
use contacts::Contacts;
use health::Health;
use housekeeping::Housekeeping;
use limits::{Limits, RateLimits};
use mail::Mails;
use operators::Operators;
use sessions::Sessions;

/// Every use case, by area.
pub struct Application {
    /// Who has an account, and what belongs to it.
    pub accounts: Accounts,
    /// Who is logged in.
    pub sessions: Sessions,
    /// Pictures of users.
    pub avatars: Avatars,
    /// What it is all for.
    pub contacts: Contacts,
    /// How often users may ask.
    pub limits: Limits,
    /// Sending what was ordered. No client asks for it: a worker does.
    pub mail: Mails,
    /// Whether requests can be answered.
    pub health: Health,
    /// Forgetting what has had its time. A worker asks for it.
    pub housekeeping: Housekeeping,
    /// What an operator does to accounts, at the machine itself.
    pub operators: Operators,
}

/// What the use cases are built from: the ports, and what the deployment decided.
pub struct Dependencies {
    /// The database.
    pub store: Arc<dyn UnitOfWorkFactory>,
    /// Slow on purpose: no transaction is open while it works.
    pub password_hasher: Arc<dyn PasswordHasher>,
    /// Access and refresh tokens.
    pub tokens: Arc<dyn TokenCodec>,
    /// The tokens of mailed links.
    pub link_tokens: Arc<dyn LinkTokens>,
    /// Spares authenticated requests a look at the database.
    pub user_cache: Arc<dyn UserCache>,
    /// Counts what [`Policy::rate_limits`] limits.
    pub rate_limiter: Arc<dyn RateLimiter>,
    /// The way that mails go out.
    pub mailer: Arc<dyn Mailer>,
    /// Makes safe pictures of uploads.
    pub avatar_pipeline: Arc<dyn AvatarPipeline>,
    /// Keeps the pictures.
    pub avatar_store: Arc<dyn AvatarStore>,
    /// Where this service serves the pictures itself.
    pub media: Option<Arc<dyn MediaReader>>,
    /// The only time that use cases know.
    pub clock: Arc<dyn Clock>,
    /// The only source of new ids, and of chance.
    pub ids: Arc<dyn IdGenerator>,
    /// What is not a port.
    pub policy: Policy,
}

/// What the deployment decided.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The base of mailed links, without a slash at its end.
    pub public_url: String,
    /// For how long somebody stays logged in.
    pub session_lifetimes: SessionLifetimes,
    /// Whether only those may log in who proved that their address is theirs.
    pub require_verified_email: bool,
    /// How often each may be done.
    pub rate_limits: RateLimits,
    /// How many contacts each user may create.
    pub creation_quota: CreationQuota,
    /// What a contact may not lack.
    pub required_fields: RequiredFields,
}

impl Application {
    /// Hands each use case the ports that it needs. Nothing is asked of any of them yet.
    pub fn new(dependencies: &Dependencies) -> Self {
        Self {
            accounts: Accounts::new(dependencies),
            sessions: Sessions::new(dependencies),
            avatars: Avatars::new(dependencies),
            contacts: Contacts::new(dependencies),
            limits: Limits::new(dependencies),
            mail: Mails::new(dependencies),
            health: Health::new(dependencies),
            housekeeping: Housekeeping::new(dependencies),
            operators: Operators::new(dependencies),
        }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        batch::BatchRequest, birthday_query::BirthdayListRequest, change_feed::ChangesRequest,
        contact_draft::ContactDraft, contact_patch::ContactPatch, contact_query::ContactListRequest,
        labels::LabelChange, precondition::Preconditions, trash::TrashListRequest, user::Registration,
        user_patch::UserPatch, validation::ValidationErrors,
    };

    use super::*;
    use crate::{
        accounts::{AccountDeletion, AddressRequest, EmailChange, LinkRequest, PasswordChange, PasswordReset},
        sessions::{LoginAttempt, RefreshRequest},
        testing::{FakeStore, a_caller, a_contact, a_lease, ada, current_ada, dependencies},
    };

    fn application() -> Application {
        Application::new(&dependencies(&FakeStore::untouched()))
    }

    /// Does not compile where a future must stay on its thread.
    #[test]
    fn every_use_case_can_run_in_a_task_of_its_own() {
        fn can_be_spawned<F: Future + Send>(future: F) {
            drop(future);
        }
        let (app, user, contact) = (application(), ada(), a_contact());
        let (current, caller, any) = (current_ada(), a_caller, Preconditions::default());
        let Application { accounts, sessions, avatars, contacts, limits, mail, health, housekeeping, operators } = &app;
        can_be_spawned(accounts.register.execute(Registration::default(), caller()));
        can_be_spawned(accounts.request_verification.execute(AddressRequest::default()));
        can_be_spawned(accounts.verify_email.execute(LinkRequest::default(), caller()));
        can_be_spawned(accounts.forgot_password.execute(AddressRequest::default()));
        can_be_spawned(accounts.reset_password.execute(PasswordReset::default(), caller()));
        can_be_spawned(accounts.update_profile.execute(user.id, UserPatch::default()));
        can_be_spawned(accounts.change_password.execute(&current, PasswordChange::default(), caller()));
        can_be_spawned(accounts.change_email.execute(&current, EmailChange::default(), caller()));
        can_be_spawned(accounts.delete.execute(&current, AccountDeletion::default(), caller()));
        can_be_spawned(accounts.export.execute(user.id, None));
        can_be_spawned(sessions.log_in.execute(LoginAttempt::default(), caller()));
        can_be_spawned(sessions.refresh.execute(RefreshRequest::default(), caller()));
        can_be_spawned(sessions.authenticate.execute("token"));
        can_be_spawned(sessions.list.execute(user.id));
        can_be_spawned(sessions.end.execute(&current, current.session, caller()));
        can_be_spawned(avatars.show.execute(&current, Vec::new()));
        can_be_spawned(avatars.hide.execute(user.id));
        can_be_spawned(avatars.read.execute("1.png"));
        can_be_spawned(avatars.sweep.execute());
        can_be_spawned(contacts.create.execute(&user, ContactDraft::default(), None));
        can_be_spawned(contacts.get.execute(user.id, contact.id, &any));
        can_be_spawned(contacts.list.execute(user.id, ContactListRequest::default(), true));
        can_be_spawned(contacts.replace.execute(&user, contact.id, ContactDraft::default(), &any));
        can_be_spawned(contacts.patch.execute(&user, contact.id, ContactPatch::default(), &any));
        can_be_spawned(contacts.delete.execute(user.id, contact.id, &any));
        can_be_spawned(contacts.birthdays.execute(&user, BirthdayListRequest::default()));
        can_be_spawned(contacts.trash.execute(user.id, TrashListRequest::default()));
        can_be_spawned(contacts.restore.execute(user.id, contact.id, None));
        can_be_spawned(contacts.empty_trash.execute(user.id));
        can_be_spawned(contacts.changes.execute(user.id, ChangesRequest::default()));
        can_be_spawned(contacts.labels.execute(user.id));
        can_be_spawned(contacts.rename_label.execute(user.id, "friends", LabelChange::default()));
        can_be_spawned(contacts.delete_label.execute(user.id, "friends"));
        let batch = BatchRequest { operations: Vec::new(), atomic: true, errors: ValidationErrors::new() };
        can_be_spawned(contacts.batch.execute(&user, batch, None));
        can_be_spawned(limits.count_contact_request.execute(user.id));
        can_be_spawned(mail.deliver.execute(a_lease()));
        can_be_spawned(mail.deliver.release(a_lease()));
        can_be_spawned(mail.measure_backlog.execute());
        can_be_spawned(health.check_readiness.execute());
        can_be_spawned(housekeeping.execute());
        can_be_spawned(accounts.register.by_operator(Registration::default()));
        can_be_spawned(operators.list.execute(None, "", 1));
        can_be_spawned(operators.show.execute("ada@example.com"));
        can_be_spawned(operators.verify.execute(user.id));
        can_be_spawned(operators.set_password.execute(user.id, "password"));
        can_be_spawned(operators.keep_out.disable(user.id));
    }

    #[tokio::test]
    async fn the_fields_that_the_deployment_requires_are_required() {
        let app = Arc::new(application());
        let task =
            tokio::spawn(async move { app.contacts.create.execute(&ada(), ContactDraft::default(), None).await });
        let Err(Error::Invalid(errors)) = task.await.unwrap() else { panic!("an empty contact was accepted") };
        let fields: Vec<_> = errors.iter().map(|error| error.field()).collect();
        assert_eq!(fields, ["first_name", "last_name", "email", "phone", "birthday"]);
    }
}
