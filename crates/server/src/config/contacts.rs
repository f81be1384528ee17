//! What a contact must have here.

use contacts_domain::required_fields::RequiredFields;

use super::{reader::Reader, table::CONTACTS_REQUIRED_FIELDS};

#[derive(Clone, Debug)]
pub(crate) struct ContactsConfig {
    pub(crate) required_fields: RequiredFields,
}

impl ContactsConfig {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let required_fields = reader.read(&CONTACTS_REQUIRED_FIELDS, |list| {
            RequiredFields::parse(list).map_err(|name| {
                format!("must be empty, or some of first_name,last_name,email,phone,birthday, which {name:?} is not")
            })
        });
        Some(Self { required_fields: required_fields? })
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
}
