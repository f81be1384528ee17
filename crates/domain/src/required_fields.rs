//! Which fields of a contact the deployment requires.

use crate::contact::ContactField;

/// What must be there when a contact is created or replaced. The default is all five of the mission:
/// first name, last name, e-mail, phone, birthday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredFields(Vec<ContactField>);

impl RequiredFields {
    /// Nothing is required, but that a contact always has a first or a last name.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Reads a comma-separated list of field names; the error is the name that is none.
    pub fn parse(list: &str) -> Result<Self, String> {
        list.split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(|name| ContactField::ALL.into_iter().find(|f| f.name() == name).ok_or_else(|| name.to_owned()))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether a contact without this field is refused.
    pub fn contains(&self, field: ContactField) -> bool {
        self.0.contains(&field)
    }
}

impl Default for RequiredFields {
    fn default() -> Self {
        Self(ContactField::ALL.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read() {
        assert_eq!(RequiredFields::parse("").unwrap(), RequiredFields::none());
        let all = RequiredFields::parse("first_name, last_name,email,phone,birthday").unwrap();
        assert_eq!(all, RequiredFields::default());
        assert_eq!(RequiredFields::parse("email,shoe_size").unwrap_err(), "shoe_size");
    }
}
