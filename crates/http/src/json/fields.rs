//! Taking the fields of a body, one by one.

use std::{cell::Cell, collections::BTreeMap, rc::Rc};

use contacts_domain::{
    contact_patch::Change,
    validation::{ValidationError, ValidationErrors, Violation, ViolationCode},
};
use paperclip::v2::schema::Apiv2Schema;

use super::{Tree, escape};

/// An object that is made of fields: a request body, or a part of one.
pub(crate) trait FromFields: Send + Sized + 'static {
    /// How the OpenAPI document describes it.
    type Schema: Apiv2Schema;

    /// Takes every field it knows; what is left over is reported as unknown.
    fn from_fields(fields: &mut Fields) -> Self;

    /// The faults that were found while reading, to be reported with all others. Those of a part stand in the
    /// part, and say where they are within it.
    fn errors(&mut self) -> &mut ValidationErrors;
}

/// The fields of an object that were not taken yet, and the faults found so far.
pub(crate) struct Fields {
    members: BTreeMap<String, Tree>,
    errors: Faults,
}

/// The faults of one object. All objects of a body together have no more than one of them could, but each that is wrong
/// has one at least, for it must not pass for right.
struct Faults {
    found: ValidationErrors,
    /// How many more are noted, in whichever object of the body.
    left: Rc<Cell<usize>>,
}

impl Faults {
    fn push(&mut self, error: ValidationError) {
        if self.left.get() > 0 || self.found.is_empty() {
            self.left.set(self.left.get().saturating_sub(1));
            self.found.push(error);
        }
    }
}

impl Fields {
    /// Reads an object: its fields, and every fault in how they were sent, up to [`ValidationErrors::MAX`].
    pub(crate) fn read<T: FromFields>(tree: Tree) -> T {
        Self::read_part(tree, &Rc::new(Cell::new(ValidationErrors::MAX)))
    }

    fn read_part<T: FromFields>(tree: Tree, left: &Rc<Cell<usize>>) -> T {
        let mut errors = Faults { found: ValidationErrors::new(), left: left.clone() };
        let members = match tree {
            Tree::Object(members) => members,
            other => {
                errors.push(fault(&other, "This is an object.").of_request());
                BTreeMap::new()
            }
        };
        let mut fields = Self { members, errors };
        let mut read = T::from_fields(&mut fields);
        let Self { members, mut errors } = fields;
        for (name, member) in members {
            let unknown = match name.contains('\0') || member.holds_nul() {
                true => nul(),
                false => Violation::new(ViolationCode::UnknownField, "There is no such field."),
            };
            errors.push(unknown.at(escape(&name)));
        }
        read.errors().append(errors.found);
        read
    }

    /// The text of a field; `None` where it is missing or null.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        set(self.change(name))
    }

    /// What a patch does to a field: missing, null and text are three things.
    pub(crate) fn change(&mut self, name: &str) -> Change<String> {
        self.take(name, |tree, errors| match tree {
            Tree::Text(text) if !text.contains('\0') => Some(text),
            other => refuse(errors, name, &other, "This field is text."),
        })
    }

    /// The texts of a field that is an array of them; `None` where it is missing or null.
    pub(crate) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        set(self.change_texts(name))
    }

    /// What a patch does to an array of texts. What is no text is noted in its place and stands as an empty one:
    /// all others keep theirs.
    pub(crate) fn change_texts(&mut self, name: &str) -> Change<Vec<String>> {
        self.take(name, |tree, errors| {
            let Tree::Array(items) = tree else {
                return refuse(errors, name, &tree, "This field is an array of text.");
            };
            let texts = items.into_iter().enumerate().map(|(index, item)| match item {
                Tree::Text(text) if !text.contains('\0') => text,
                other => refuse(errors, &format!("{name}/{index}"), &other, "This is text.").unwrap_or_default(),
            });
            Some(texts.collect())
        })
    }

    /// Whether a field is true; `None` where it is missing or null.
    pub(crate) fn bool(&mut self, name: &str) -> Option<bool> {
        set(self.take(name, |tree, errors| match tree {
            Tree::Bool(value) => Some(value),
            other => refuse(errors, name, &other, "This field is true or false."),
        }))
    }

    /// The object in a field; `None` where it is missing or null.
    pub(crate) fn object<T: FromFields>(&mut self, name: &str) -> Option<T> {
        set(self.take(name, |tree, errors| match tree {
            Tree::Object(_) => Some(Self::read_part(tree, &errors.left)),
            other => refuse(errors, name, &other, "This field is an object."),
        }))
    }

    /// The objects in a field that is an array of them; `None` where it is missing or null. No more than `max`
    /// are looked at: what is refused for their number needs no further faults.
    pub(crate) fn objects<T: FromFields>(&mut self, name: &str, max: usize) -> Option<Vec<T>> {
        set(self.take(name, |tree, errors| match tree {
            Tree::Array(items) => {
                Some(items.into_iter().take(max).map(|item| Self::read_part(item, &errors.left)).collect())
            }
            other => refuse(errors, name, &other, "This field is an array of objects."),
        }))
    }

    /// Notes that a field is required, unless it is there and something else is wrong with it.
    pub(crate) fn miss(&mut self, name: &str) {
        self.errors.push(Violation::required().at(name));
    }

    /// Drops the fields that a resource has and a client does not write: what was read can be sent
    /// back.
    pub(crate) fn ignore(&mut self, read_only: &[&str]) {
        for name in read_only {
            if self.members.remove(*name).is_some_and(|member| member.holds_nul()) {
                self.errors.push(nul().at(*name));
            }
        }
    }

    /// Whether a field is missing, null or has a value. One that is read as nothing counts as missing, for what is
    /// wrong with it was noted.
    fn take<T>(&mut self, name: &str, read: impl FnOnce(Tree, &mut Faults) -> Option<T>) -> Change<T> {
        match self.members.remove(name) {
            None => Change::Keep,
            Some(Tree::Null) => Change::Clear,
            Some(tree) => read(tree, &mut self.errors).map_or(Change::Keep, Change::Set),
        }
    }
}

fn set<T>(change: Change<T>) -> Option<T> {
    match change {
        Change::Set(value) => Some(value),
        Change::Keep | Change::Clear => None,
    }
}

fn refuse<T>(errors: &mut Faults, place: &str, tree: &Tree, expected: &str) -> Option<T> {
    errors.push(fault(tree, expected).at(place));
    None
}

/// What is wrong with a value that is not the expected one.
fn fault(tree: &Tree, expected: &str) -> Violation {
    if tree.holds_nul() { nul() } else { Violation::new(ViolationCode::WrongType, expected) }
}

fn nul() -> Violation {
    Violation::new(ViolationCode::NulCharacter, "The character NUL cannot be stored.")
}

#[cfg(test)]
mod tests;
