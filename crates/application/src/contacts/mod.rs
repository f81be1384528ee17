//! Contacts: writing them down and finding them again.

mod birthdays;
mod create;
mod delete;
mod get;
mod list;
mod patch;
mod quota;
mod replace;

use std::sync::Arc;

use contacts_domain::{
    Timestamp, address_book::ChangeStamp, contact_draft::Circumstances, ids::UserId, ports::UnitOfWork,
    required_fields::RequiredFields, user::User,
};

pub use birthdays::{BirthdayPage, UpcomingBirthday, UpcomingBirthdays};
pub use create::CreateContact;
pub use delete::DeleteContact;
pub use get::GetContact;
pub use list::{ContactPage, ListContacts};
pub use patch::PatchContact;
pub use replace::ReplaceContact;

use crate::{Dependencies, Error, Result};

/// What can be done with contacts.
pub struct Contacts {
    pub create: CreateContact,
    pub get: GetContact,
    pub list: ListContacts,
    pub replace: ReplaceContact,
    pub patch: PatchContact,
    pub delete: DeleteContact,
    pub birthdays: UpcomingBirthdays,
}

impl Contacts {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        let Dependencies { store, clock, ids, policy, .. } = dependencies;
        let required = Arc::new(policy.required_fields.clone());
        Self {
            create: CreateContact {
                store: store.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                required: required.clone(),
                quota: policy.creation_quota,
            },
            get: GetContact { store: store.clone() },
            list: ListContacts { store: store.clone() },
            replace: ReplaceContact { store: store.clone(), clock: clock.clone(), required: required.clone() },
            patch: PatchContact { store: store.clone(), clock: clock.clone(), required },
            delete: DeleteContact { store: store.clone(), clock: clock.clone() },
            birthdays: UpcomingBirthdays { store: store.clone(), clock: clock.clone() },
        }
    }
}

/// What the fields of a contact are judged by when `user` writes it at `now`.
fn circumstances<'a>(user: &User, now: Timestamp, required: &'a RequiredFields) -> Circumstances<'a> {
    Circumstances { today: user.time_zone.today(now), phone_region: user.phone_region, required }
}

/// Locks the owner's address book: the first statement of every transaction that writes contacts.
async fn lock_address_book(work: &mut dyn UnitOfWork, owner: UserId) -> Result<ChangeStamp> {
    // Every account has a book, so without one the account is gone, and its tokens with it.
    work.address_books().advance(owner).await?.ok_or(Error::InvalidToken)
}
