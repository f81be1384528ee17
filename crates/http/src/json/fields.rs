//! Taking the fields of a body, one by one.

use std::collections::BTreeMap;

use contacts_domain::{
    contact_patch::Change,
    validation::{ValidationErrors, Violation, ViolationCode},
};

use paperclip::v2::schema::Apiv2Schema;

use super::{Tree, escape};

/// A request body that is made of fields.
pub(crate) trait FromFields: Sized {
    /// How the OpenAPI document describes the body.
    type Schema: Apiv2Schema;

    /// Takes every field it knows; what is left over is reported as unknown.
    fn from_fields(fields: &mut Fields) -> Self;

    /// The faults that were found while reading, to be reported with all others.
    fn errors(&mut self) -> &mut ValidationErrors;
}

/// The fields of an object that were not taken yet, and the faults found so far.
pub(crate) struct Fields {
    members: BTreeMap<String, Tree>,
    errors: ValidationErrors,
}

impl Fields {
    /// Reads a body: its fields, and every fault in how they were sent.
    pub(crate) fn read<T: FromFields>(tree: Tree) -> T {
        let mut errors = ValidationErrors::new();
        tree.check_nul(&mut errors);
        let members = match tree {
            Tree::Object(members) => members,
            Tree::Null | Tree::Bool | Tree::Number | Tree::Text(_) | Tree::Array(_) => {
                errors.push(Violation::new(ViolationCode::WrongType, "The body is an object.").of_request());
                BTreeMap::new()
            }
        };
        let mut fields = Self { members, errors };
        let mut read = T::from_fields(&mut fields);
        let Self { members, mut errors } = fields;
        for name in members.keys() {
            let unknown = Violation::new(ViolationCode::UnknownField, "There is no such field.");
            errors.push(unknown.at(escape(name)));
        }
        let found = read.errors();
        for error in errors.iter() {
            found.push(error.clone());
        }
        read
    }

    /// The text of a field; `None` where it is missing or null.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        match self.change(name) {
            Change::Set(text) => Some(text),
            Change::Keep | Change::Clear => None,
        }
    }

    /// What a patch does to a field: missing, null and text are three things.
    pub(crate) fn change(&mut self, name: &str) -> Change<String> {
        match self.members.remove(name) {
            None => Change::Keep,
            Some(Tree::Null) => Change::Clear,
            Some(Tree::Text(text)) => Change::Set(text),
            Some(Tree::Bool | Tree::Number | Tree::Array(_) | Tree::Object(_)) => {
                self.errors.push(Violation::new(ViolationCode::WrongType, "This field is text.").at(name));
                Change::Keep
            }
        }
    }

    /// Drops the fields that a resource has and a client does not write: what was read can be sent
    /// back.
    pub(crate) fn ignore(&mut self, read_only: &[&str]) {
        for name in read_only {
            self.members.remove(*name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    struct Probe {
        name: Option<String>,
        note: Change<String>,
        errors: ValidationErrors,
    }

    impl FromFields for Probe {
        type Schema = ();

        fn from_fields(fields: &mut Fields) -> Self {
            fields.ignore(&["id"]);
            Self { name: fields.text("name"), note: fields.change("note"), errors: ValidationErrors::new() }
        }

        fn errors(&mut self) -> &mut ValidationErrors {
            &mut self.errors
        }
    }

    fn read(body: &str) -> Probe {
        Fields::read(parse(body.as_bytes()).unwrap())
    }

    fn faults(probe: &Probe) -> Vec<(&str, ViolationCode)> {
        probe.errors.iter().map(|error| (error.field(), error.code)).collect()
    }

    #[test]
    fn missing_null_and_text_are_told_apart() {
        let probe = read(r#"{"name": "Ada", "note": null, "id": 7}"#);
        assert_eq!((probe.name.as_deref(), probe.note.clone()), (Some("Ada"), Change::Clear));
        assert!(probe.errors.is_empty());
        assert_eq!(read("{}").note, Change::Keep);
    }

    #[test]
    fn every_fault_is_noted() {
        let probe = read(r#"{"name": 5, "note": "a\u0000", "nmae": "Ada", "a/b": 1}"#);
        assert_eq!(
            faults(&probe),
            [
                ("note", ViolationCode::NulCharacter),
                ("name", ViolationCode::WrongType),
                ("a~1b", ViolationCode::UnknownField),
                ("nmae", ViolationCode::UnknownField),
            ]
        );
    }

    #[test]
    fn a_field_is_named_once_however_often_it_is_wrong() {
        let nuls = vec!["\"\\u0000\""; 1000].join(",");
        assert_eq!(faults(&read(&format!("{{\"name\": [{nuls}]}}"))), [("name", ViolationCode::NulCharacter)]);
    }

    #[test]
    fn a_body_that_is_no_object_is_said_to_be_none() {
        for body in ["[]", "\"x\"", "1", "null"] {
            assert_eq!(faults(&read(body)), [("", ViolationCode::WrongType)]);
        }
    }
}
