//! A contact: somebody a user knows.

use crate::{
    Timestamp,
    birthday::Birthday,
    email_address::EmailAddress,
    ids::{ContactId, UserId},
    labels::Labels,
    notes::Notes,
    person_name::PersonName,
    phone::Phone,
};

/// The fields of a contact that a deployment may require.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContactField {
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// One address.
    Email,
    /// A number, whether it is understood or not.
    Phone,
    /// A date, whose year may be unknown.
    Birthday,
}

impl ContactField {
    /// In the order in which a contact shows them, and in which missing ones are reported.
    pub const ALL: [Self; 5] = [Self::FirstName, Self::LastName, Self::Email, Self::Phone, Self::Birthday];

    /// As the API calls it, and the configuration too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Birthday => "birthday",
        }
    }
}

/// What a user says of a contact. It always has a first or a last name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactDetails {
    /// `None` only where there is a last name.
    pub first_name: Option<PersonName>,
    /// `None` only where there is a first name.
    pub last_name: Option<PersonName>,
    /// Of no account: two contacts may have the same, and a user's own.
    pub email: Option<EmailAddress>,
    /// As it was typed, with what was understood of it.
    pub phone: Option<Phone>,
    /// Not in the future, as seen when it was written.
    pub birthday: Option<Birthday>,
    /// Whatever else there is to say; up to 10,000 characters.
    pub additional_data: Option<Notes>,
    /// In the user's order; none where there are none.
    pub labels: Labels,
}

/// A contact as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Given by the service; a contact that comes back from the trash keeps it.
    pub id: ContactId,
    /// Alone sees it: for everybody else it does not exist.
    pub owner: UserId,
    /// All that a client can change.
    pub details: ContactDetails,
    /// The number of its last change among all changes of its address book.
    pub seq: i64,
    /// Stays, whatever is changed, deleted or restored.
    pub created_at: Timestamp,
    /// When the details changed last; a write that changes nothing leaves it alone.
    pub updated_at: Timestamp,
}
