//! A contact as a client sends it, before anything is known to be right.
//!
//! All that is wrong is told at once:
//!
//! ```
//! use contacts_domain::{
//!     contact_draft::{Circumstances, ContactDraft},
//!     required_fields::RequiredFields,
//!     validation::ViolationCode,
//! };
//!
//! let draft = ContactDraft {
//!     first_name: Some("Ada".into()),
//!     email: Some("ada at example.com".into()),
//!     birthday: Some("1815-02-30".into()),
//!     ..ContactDraft::default()
//! };
//! let required = RequiredFields::default();
//! let today = "2026-11-22".parse()?;
//! let faults = draft.validate(Circumstances { today, phone_region: None, required: &required }).unwrap_err();
//!
//! let faults: Vec<_> = faults.iter().map(|fault| (fault.field(), fault.code)).collect();
//! assert_eq!(
//!     faults,
//!     [
//!         ("last_name", ViolationCode::Required),
//!         ("phone", ViolationCode::Required),
//!         ("email", ViolationCode::InvalidEmail),
//!         ("birthday", ViolationCode::InvalidBirthday),
//!     ]
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use chrono::NaiveDate;

use crate::{
    birthday::Birthday,
    contact::{ContactDetails, ContactField},
    email_address::EmailAddress,
    labels::Labels,
    notes::Notes,
    person_name::PersonName,
    phone::{Phone, PhoneRegion},
    required_fields::RequiredFields,
    validation::{ValidationErrors, Violation, ViolationCode},
};

/// Where and when a contact is written: what its fields are judged by.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The user's civil date.
    pub today: NaiveDate,
    /// Where numbers without a country code are dialled; without it they stay not understood.
    pub phone_region: Option<PhoneRegion>,
    /// What may not be missing here. Clients cannot loosen it.
    pub required: &'a RequiredFields,
}

/// The text of every field, for a contact that is created or replaced as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactDraft {
    /// `None` where it was missing or null; the same goes for the others.
    pub first_name: Option<String>,
    /// Needed where there is no first name, even if neither is required.
    pub last_name: Option<String>,
    /// Judged by [`EmailAddress::parse`].
    pub email: Option<String>,
    /// Judged by [`Phone::parse`], in the region of the circumstances.
    pub phone: Option<String>,
    /// Judged by [`Birthday::parse`], and against today.
    pub birthday: Option<String>,
    /// Judged by [`Notes::parse`].
    pub additional_data: Option<String>,
    /// Judged by [`Labels::parse`]. Nothing tells a missing list from an empty one.
    pub labels: Vec<String>,
    /// What was already wrong when the draft was read, so that it is reported with the rest.
    pub errors: ValidationErrors,
}

impl ContactDraft {
    /// The contact that the draft describes, or everything that is wrong with it.
    pub fn validate(self, circumstances: Circumstances<'_>) -> Result<ContactDetails, ValidationErrors> {
        let Self { first_name, last_name, email, phone, birthday, additional_data, labels, mut errors } = self;
        for (field, missing) in [
            (ContactField::FirstName, first_name.is_none()),
            (ContactField::LastName, last_name.is_none()),
            (ContactField::Email, email.is_none()),
            (ContactField::Phone, phone.is_none()),
            (ContactField::Birthday, birthday.is_none()),
        ] {
            if missing && circumstances.required.contains(field) {
                errors.push(Violation::required().at(field.name()));
            }
        }
        if first_name.is_none() && last_name.is_none() && !errors.mentions("last_name") {
            errors.push(nameless().at(ContactField::FirstName.name()));
        }
        let fields = FieldParser { circumstances };
        let details = ContactDetails {
            first_name: errors.parse("first_name", first_name, |text| PersonName::parse(&text)),
            last_name: errors.parse("last_name", last_name, |text| PersonName::parse(&text)),
            email: errors.parse("email", email, |text| EmailAddress::parse(&text)),
            phone: errors.parse("phone", phone, |text| fields.phone(&text)),
            birthday: errors.parse("birthday", birthday, |text| fields.birthday(&text)),
            additional_data: errors.parse("additional_data", additional_data, Notes::parse),
            labels: Labels::parse(&mut errors, &labels),
        };
        errors.into_result(details)
    }
}

/// Fields whose meaning depends on who writes them, and when.
#[derive(Clone, Copy)]
pub(crate) struct FieldParser<'a> {
    pub(crate) circumstances: Circumstances<'a>,
}

impl FieldParser<'_> {
    pub(crate) fn phone(self, text: &str) -> Result<Phone, Violation> {
        Phone::parse(text, self.circumstances.phone_region)
    }

    pub(crate) fn birthday(self, text: &str) -> Result<Birthday, Violation> {
        let birthday = Birthday::parse(text)?;
        if birthday.is_after(self.circumstances.today) {
            return Err(Violation::new(ViolationCode::BirthdayInFuture, "A birthday cannot lie in the future."));
        }
        Ok(birthday)
    }
}

pub(crate) fn nameless() -> Violation {
    Violation::new(ViolationCode::Required, "A contact has a first or a last name.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circumstances(required: &RequiredFields) -> Circumstances<'_> {
        Circumstances { today: "2026-11-22".parse().unwrap(), phone_region: None, required }
    }

    fn codes(errors: &ValidationErrors) -> Vec<(&str, ViolationCode)> {
        errors.iter().map(|error| (error.field(), error.code)).collect()
    }

    fn ada() -> ContactDraft {
        ContactDraft {
            first_name: Some("Ada".into()),
            last_name: Some("Lovelace".into()),
            email: Some("ada@example.com".into()),
            phone: Some("+44 20 7946 0000".into()),
            birthday: Some("1815-12-10".into()),
            ..ContactDraft::default()
        }
    }

    #[test]
    fn a_whole_contact_is_accepted() {
        let details = ada().validate(circumstances(&RequiredFields::default())).unwrap();
        assert_eq!(details.first_name.unwrap().as_str(), "Ada");
        assert_eq!(details.phone.unwrap().e164(), Some("+442079460000"));
        assert_eq!(details.additional_data, None);
    }

    #[test]
    fn everything_missing_is_reported_at_once() {
        let errors = ContactDraft::default().validate(circumstances(&RequiredFields::default())).unwrap_err();
        let expected = ["first_name", "last_name", "email", "phone", "birthday"].map(|f| (f, ViolationCode::Required));
        assert_eq!(codes(&errors), expected);
    }

    #[test]
    fn everything_wrong_is_reported_at_once() {
        let draft = ContactDraft {
            first_name: Some(" ".into()),
            last_name: Some("x".repeat(101)),
            email: Some("ada".into()),
            phone: Some("abc".into()),
            birthday: Some("2026-11-23".into()),
            additional_data: Some("\0".into()),
            labels: vec!["Chess".into(), " ".into()],
            errors: ValidationErrors::new(),
        };
        let errors = draft.validate(circumstances(&RequiredFields::default())).unwrap_err();
        assert_eq!(
            codes(&errors),
            [
                ("first_name", ViolationCode::TooShort),
                ("last_name", ViolationCode::TooLong),
                ("email", ViolationCode::InvalidEmail),
                ("phone", ViolationCode::InvalidPhone),
                ("birthday", ViolationCode::BirthdayInFuture),
                ("additional_data", ViolationCode::NulCharacter),
                ("labels/1", ViolationCode::TooShort),
            ]
        );
    }

    #[test]
    fn a_name_is_needed_even_where_nothing_is_required() {
        let none = RequiredFields::none();
        let errors = ContactDraft::default().validate(circumstances(&none)).unwrap_err();
        assert_eq!(codes(&errors), [("first_name", ViolationCode::Required)]);
        let draft = ContactDraft { last_name: Some("Noether".into()), ..ContactDraft::default() };
        assert!(draft.validate(circumstances(&none)).is_ok());
    }

    #[test]
    fn what_was_wrong_when_it_was_read_is_reported_too_and_once() {
        let mut draft = ContactDraft { email: None, phone: Some("abc".into()), ..ada() };
        draft.errors.push(Violation::new(ViolationCode::WrongType, "Text expected.").at("email"));
        let errors = draft.validate(circumstances(&RequiredFields::default())).unwrap_err();
        assert_eq!(codes(&errors), [("email", ViolationCode::WrongType), ("phone", ViolationCode::InvalidPhone)]);
    }
}
