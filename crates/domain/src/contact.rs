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
    FirstName,
    LastName,
    Email,
    Phone,
    Birthday,
}

impl ContactField {
    pub const ALL: [Self; 5] = [Self::FirstName, Self::LastName, Self::Email, Self::Phone, Self::Birthday];

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
    pub first_name: Option<PersonName>,
    pub last_name: Option<PersonName>,
    pub email: Option<EmailAddress>,
    pub phone: Option<Phone>,
    pub birthday: Option<Birthday>,
    pub additional_data: Option<Notes>,
    pub labels: Labels,
}

/// A contact as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub id: ContactId,
    pub owner: UserId,
    pub details: ContactDetails,
    /// The number of its last change among all changes of its address book.
    pub seq: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
