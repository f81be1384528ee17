use chrono::DateTime;
use contacts_domain::{
    contact::{Contact, ContactDetails},
    ids::{ContactId, UserId},
    labels::{Label, Labels},
    person_name::PersonName,
};
use uuid::Uuid;

/// Emmy Noether, who has a name and a label alone.
pub(crate) fn a_contact() -> Contact {
    Contact {
        id: ContactId::new(Uuid::from_u128(1)),
        owner: UserId::new(Uuid::from_u128(2)),
        details: ContactDetails {
            first_name: PersonName::parse("Emmy").ok(),
            last_name: PersonName::parse("Noether").ok(),
            email: None,
            phone: None,
            birthday: None,
            additional_data: None,
            labels: Labels::from_stored(vec![Label::parse("Algebra").unwrap()]),
        },
        seq: 26,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}
