//! A change of some fields of a contact (JSON Merge Patch, RFC 7396).
//!
//! A field that is not named stays, and null clears:
//!
//! ```
//! use contacts_domain::{
//!     contact_draft::{Circumstances, ContactDraft},
//!     contact_patch::{Change, ContactPatch},
//!     required_fields::RequiredFields,
//! };
//!
//! let required = RequiredFields::none();
//! let circumstances = Circumstances { today: "2026-11-22".parse()?, phone_region: None, required: &required };
//! let emmy = ContactDraft {
//!     first_name: Some("Emmy".into()),
//!     email: Some("emmy@example.com".into()),
//!     ..ContactDraft::default()
//! };
//! let emmy = emmy.validate(circumstances)?;
//!
//! let patch = ContactPatch {
//!     last_name: Change::Set("Noether".into()),
//!     email: Change::Clear,
//!     ..ContactPatch::default()
//! };
//! let changed = patch.validate(circumstances)?.apply(emmy)?;
//! assert_eq!(changed.first_name.as_ref().map(|name| name.as_str()), Some("Emmy"));
//! assert_eq!(changed.last_name.as_ref().map(|name| name.as_str()), Some("Noether"));
//! assert_eq!(changed.email, None);
//!
//! let nameless = ContactPatch { first_name: Change::Clear, last_name: Change::Clear, ..ContactPatch::default() };
//! assert!(nameless.validate(circumstances)?.apply(changed).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::{
    contact::{ContactDetails, ContactField},
    contact_draft::{Circumstances, FieldParser, nameless},
    email_address::EmailAddress,
    labels::Labels,
    notes::Notes,
    person_name::PersonName,
    validation::{ValidationErrors, Violation},
};

/// What a patch does to one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// The field was not named.
    #[default]
    Keep,
    /// The field was null.
    Clear,
    /// The field has a new value.
    Set(T),
}

impl<T> Change<T> {
    /// Parses the new value, if there is one.
    pub fn parse<U>(
        self,
        errors: &mut ValidationErrors,
        field: &str,
        parse: impl FnOnce(T) -> Result<U, Violation>,
    ) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            // A fault leaves the field alone; the patch as a whole is refused for it anyway.
            Self::Set(value) => errors.check(field, parse(value)).map_or(Change::Keep, Change::Set),
        }
    }

    /// The field after the change.
    pub fn apply(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Keep => current,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// The changes as a client sends them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactPatch {
    /// May be cleared where a last name is left, unless the deployment requires it.
    pub first_name: Change<String>,
    /// May be cleared where a first name is left, unless the deployment requires it.
    pub last_name: Change<String>,
    /// May be cleared unless the deployment requires it; the same goes for the next two.
    pub email: Change<String>,
    /// Understood in the region of whoever patches, not of whoever wrote the contact.
    pub phone: Change<String>,
    /// Not in the future, as seen when it is patched.
    pub birthday: Change<String>,
    /// May always be cleared.
    pub additional_data: Change<String>,
    /// All of them at once: a list in a merge patch has no parts (RFC 7396 section 1). Cleared is empty.
    pub labels: Change<Vec<String>>,
    /// What was already wrong when the patch was read, so that it is reported with the rest.
    pub errors: ValidationErrors,
}

/// Changes that are right in themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidContactPatch {
    first_name: Change<PersonName>,
    last_name: Change<PersonName>,
    email: Change<EmailAddress>,
    phone: Change<crate::phone::Phone>,
    birthday: Change<crate::birthday::Birthday>,
    additional_data: Change<Notes>,
    labels: Change<Labels>,
}

impl ContactPatch {
    /// Judges the changes without the contact that they are for: a required field cannot be cleared,
    /// and every new value must be valid.
    pub fn validate(self, circumstances: Circumstances<'_>) -> Result<ValidContactPatch, ValidationErrors> {
        let Self { first_name, last_name, email, phone, birthday, additional_data, labels, mut errors } = self;
        for (field, cleared) in [
            (ContactField::FirstName, first_name == Change::Clear),
            (ContactField::LastName, last_name == Change::Clear),
            (ContactField::Email, email == Change::Clear),
            (ContactField::Phone, phone == Change::Clear),
            (ContactField::Birthday, birthday == Change::Clear),
        ] {
            if cleared && circumstances.required.contains(field) {
                errors.push(Violation::required().at(field.name()));
            }
        }
        let fields = FieldParser { circumstances };
        let patch = ValidContactPatch {
            first_name: first_name.parse(&mut errors, "first_name", |text| PersonName::parse(&text)),
            last_name: last_name.parse(&mut errors, "last_name", |text| PersonName::parse(&text)),
            email: email.parse(&mut errors, "email", |text| EmailAddress::parse(&text)),
            phone: phone.parse(&mut errors, "phone", |text| fields.phone(&text)),
            birthday: birthday.parse(&mut errors, "birthday", |text| fields.birthday(&text)),
            additional_data: additional_data.parse(&mut errors, "additional_data", Notes::parse),
            labels: match labels {
                Change::Keep => Change::Keep,
                Change::Clear => Change::Clear,
                Change::Set(texts) => Change::Set(Labels::parse(&mut errors, &texts)),
            },
        };
        errors.into_result(patch)
    }
}

impl ValidContactPatch {
    /// The contact after the changes; refused where it would be left without any name.
    pub fn apply(self, current: ContactDetails) -> Result<ContactDetails, ValidationErrors> {
        let Self { first_name, last_name, email, phone, birthday, additional_data, labels } = self;
        let changed = ContactDetails {
            first_name: first_name.apply(current.first_name),
            last_name: last_name.apply(current.last_name),
            email: email.apply(current.email),
            phone: phone.apply(current.phone),
            birthday: birthday.apply(current.birthday),
            additional_data: additional_data.apply(current.additional_data),
            labels: labels.apply(Some(current.labels)).unwrap_or_default(),
        };
        if changed.first_name.is_none() && changed.last_name.is_none() {
            return Err(nameless().at(ContactField::FirstName.name()).into());
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contact_draft::ContactDraft, labels::Label, required_fields::RequiredFields, validation::ViolationCode,
    };

    fn circumstances(required: &RequiredFields) -> Circumstances<'_> {
        Circumstances { today: "2026-11-22".parse().unwrap(), phone_region: None, required }
    }

    fn noether() -> ContactDetails {
        let draft = ContactDraft {
            last_name: Some("Noether".into()),
            email: Some("emmy@example.com".into()),
            ..ContactDraft::default()
        };
        draft.validate(circumstances(&RequiredFields::none())).unwrap()
    }

    #[test]
    fn only_the_named_fields_change() {
        let patch =
            ContactPatch { first_name: Change::Set("Emmy".into()), email: Change::Clear, ..ContactPatch::default() };
        let changed = patch.validate(circumstances(&RequiredFields::none())).unwrap().apply(noether()).unwrap();
        assert_eq!(changed.first_name.unwrap().as_str(), "Emmy");
        assert_eq!(changed.last_name.unwrap().as_str(), "Noether");
        assert_eq!(changed.email, None);
    }

    #[test]
    fn a_patch_of_nothing_changes_nothing() {
        let patch = ContactPatch::default().validate(circumstances(&RequiredFields::default())).unwrap();
        assert_eq!(patch.apply(noether()).unwrap(), noether());
    }

    #[test]
    fn labels_are_set_as_a_whole_and_null_clears_them() {
        let patched = |labels, details| {
            let patch = ContactPatch { labels, ..ContactPatch::default() };
            patch.validate(circumstances(&RequiredFields::none())).unwrap().apply(details).unwrap()
        };
        let labelled = patched(Change::Set(vec!["Algebra".into()]), noether());
        assert_eq!(labelled.labels.as_slice().iter().map(Label::as_str).collect::<Vec<_>>(), ["Algebra"]);
        assert_eq!(patched(Change::Keep, labelled.clone()), labelled);
        assert_eq!(patched(Change::Clear, labelled), noether());
    }

    #[test]
    fn a_required_field_is_not_cleared() {
        let patch = ContactPatch { email: Change::Clear, phone: Change::Set("abc".into()), ..ContactPatch::default() };
        let errors = patch.validate(circumstances(&RequiredFields::default())).unwrap_err();
        let codes: Vec<_> = errors.iter().map(|e| (e.field(), e.code)).collect();
        assert_eq!(codes, [("email", ViolationCode::Required), ("phone", ViolationCode::InvalidPhone)]);
    }

    #[test]
    fn the_last_name_left_is_not_cleared() {
        let patch = ContactPatch { last_name: Change::Clear, ..ContactPatch::default() };
        let errors = patch.validate(circumstances(&RequiredFields::none())).unwrap().apply(noether()).unwrap_err();
        assert_eq!(errors.iter().next().unwrap().code, ViolationCode::Required);
    }
}
