//! Contacts: writing them down and finding them again.

mod batch;
mod birthdays;
mod changes;
mod create;
mod delete;
mod delete_label;
mod empty_trash;
mod get;
mod labels;
mod list;
mod once;
mod patch;
mod quota;
mod relabel;
mod rename_label;
mod replace;
mod restart_changes;
mod restore;
mod trash;
mod writing;

use std::sync::Arc;

use contacts_domain::{Timestamp, contact_draft::Circumstances, required_fields::RequiredFields, user::User};

pub use batch::{Batch, OperationDone, OperationResult};
pub use birthdays::{BirthdayPage, UpcomingBirthday, UpcomingBirthdays};
pub use changes::{ChangesPage, FollowChanges};
pub use create::CreateContact;
pub use delete::DeleteContact;
pub use delete_label::DeleteLabel;
pub use empty_trash::EmptyTrash;
pub use get::{Found, GetContact};
pub use labels::ListLabels;
pub use list::{ContactPage, ListContacts, ListedContact};
pub use once::{Done, Once};
pub use patch::PatchContact;
pub use rename_label::RenameLabel;
pub use replace::ReplaceContact;
pub use restart_changes::RestartChanges;
pub use restore::RestoreContact;
pub use trash::ListTrash;

use crate::Dependencies;
pub(crate) use once::Attempts;

/// What can be done with contacts.
pub struct Contacts {
    /// Counts for the quota; may be asked to happen once.
    pub create: CreateContact,
    /// Knows preconditions, so that what a client has already need not be sent.
    pub get: GetContact,
    /// Filters, searches, sorts and pages.
    pub list: ListContacts,
    /// Everything at once: what is left out is gone.
    pub replace: ReplaceContact,
    /// Only what is named.
    pub patch: PatchContact,
    /// Into the trash.
    pub delete: DeleteContact,
    /// Who celebrates in the next days.
    pub birthdays: UpcomingBirthdays,
    /// What can be restored.
    pub trash: ListTrash,
    /// Out of the trash, under the old id.
    pub restore: RestoreContact,
    /// What was in it cannot be restored.
    pub empty_trash: EmptyTrash,
    /// What a client with a copy of the address book has missed.
    pub changes: FollowChanges,
    /// All labels of a user, counted.
    pub labels: ListLabels,
    /// Over all contacts at once.
    pub rename_label: RenameLabel,
    /// Off all contacts at once; the contacts stay.
    pub delete_label: DeleteLabel,
    /// Many writes in one transaction.
    pub batch: Batch,
}

impl Contacts {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        let Dependencies { store, clock, ids, policy, .. } = dependencies;
        let required = Arc::new(policy.required_fields.clone());
        let attempts = Attempts { store: store.clone(), clock: clock.clone(), ids: ids.clone() };
        Self {
            create: CreateContact {
                attempts: attempts.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                required: required.clone(),
                quota: policy.creation_quota,
            },
            get: GetContact { store: store.clone() },
            list: ListContacts { store: store.clone() },
            replace: ReplaceContact { store: store.clone(), clock: clock.clone(), required: required.clone() },
            patch: PatchContact { store: store.clone(), clock: clock.clone(), required: required.clone() },
            delete: DeleteContact { store: store.clone(), clock: clock.clone() },
            birthdays: UpcomingBirthdays { store: store.clone(), clock: clock.clone() },
            trash: ListTrash { store: store.clone() },
            restore: RestoreContact { attempts: attempts.clone() },
            empty_trash: EmptyTrash { store: store.clone() },
            changes: FollowChanges { store: store.clone() },
            labels: ListLabels { store: store.clone() },
            rename_label: RenameLabel { store: store.clone(), clock: clock.clone() },
            delete_label: DeleteLabel { store: store.clone(), clock: clock.clone() },
            batch: Batch { attempts, clock: clock.clone(), ids: ids.clone(), required, quota: policy.creation_quota },
        }
    }
}

/// What the fields of a contact are judged by when `user` writes it at `now`.
fn circumstances<'a>(user: &User, now: Timestamp, required: &'a RequiredFields) -> Circumstances<'a> {
    Circumstances { today: user.time_zone.today(now), phone_region: user.phone_region, required }
}
