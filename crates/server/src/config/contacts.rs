//! What a contact must have here, and how many may be created.

use std::time::Duration;

use contacts_domain::{creation_quota::CreationQuota, required_fields::RequiredFields};

use super::{
    duration, parse,
    reader::Reader,
    table::{CONTACT_CREATE_LIMIT, CONTACT_CREATE_WINDOW, CONTACTS_REQUIRED_FIELDS},
};

const MAX_LIMIT: u32 = 1_000_000;
/// A year, whichever one.
const LONGEST_WINDOW: Duration = Duration::from_secs(366 * 86_400);

#[derive(Clone, Debug)]
pub(crate) struct ContactsConfig {
    pub(crate) required_fields: RequiredFields,
    /// Of each user.
    pub(crate) creation_quota: CreationQuota,
}

impl ContactsConfig {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let required_fields = reader.read(&CONTACTS_REQUIRED_FIELDS, |list| {
            RequiredFields::parse(list).map_err(|name| {
                format!("must be empty, or some of first_name,last_name,email,phone,birthday, which {name:?} is not")
            })
        });
        let limit = reader.read(&CONTACT_CREATE_LIMIT, |text| parse::number(text, 1..=MAX_LIMIT));
        let window =
            reader.read(&CONTACT_CREATE_WINDOW, |text| duration::within(text, Duration::from_secs(1)..=LONGEST_WINDOW));
        Some(Self { required_fields: required_fields?, creation_quota: CreationQuota::new(limit?, window?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::tests::environment;

    fn read(variables: &[(&str, &str)]) -> Option<RequiredFields> {
        ContactsConfig::read(&mut Reader::new(&environment(variables))).map(|config| config.required_fields)
    }

    #[test]
    fn all_five_are_required_unless_said_otherwise() {
        assert_eq!(read(&[]), Some(RequiredFields::default()));
        assert_eq!(read(&[("CONTACTS_REQUIRED_FIELDS", "")]), Some(RequiredFields::none()));
        assert_eq!(read(&[("CONTACTS_REQUIRED_FIELDS", "email,shoe_size")]), None);
    }

    #[test]
    fn a_quota_has_a_limit_and_a_window() {
        let quota = |variables: &[(&str, &str)]| {
            let config = ContactsConfig::read(&mut Reader::new(&environment(variables)));
            config.map(|config| (config.creation_quota.limit(), config.creation_quota.window().as_secs()))
        };
        assert_eq!(quota(&[]), Some((10_000, 3600)));
        assert_eq!(quota(&[("CONTACT_CREATE_LIMIT", "1"), ("CONTACT_CREATE_WINDOW", "1s")]), Some((1, 1)));
        let most = [("CONTACT_CREATE_LIMIT", "1000000"), ("CONTACT_CREATE_WINDOW", "366d")];
        assert_eq!(quota(&most), Some((1_000_000, 366 * 86_400)));
        for (name, text) in [
            ("CONTACT_CREATE_LIMIT", "0"),
            ("CONTACT_CREATE_LIMIT", "1000001"),
            ("CONTACT_CREATE_LIMIT", "none"),
            ("CONTACT_CREATE_WINDOW", "0s"),
            ("CONTACT_CREATE_WINDOW", "367d"),
        ] {
            assert_eq!(quota(&[(name, text)]), None, "{name}={text}");
        }
    }
}
