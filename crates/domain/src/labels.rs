//! Labels: how a user groups contacts.

use crate::{
    folding::fold,
    validation::{ValidationErrors, Violation, ViolationCode, check_characters, check_length},
};

/// 1 to 50 characters of any script, without surrounding white space or control characters. Its case is kept;
/// two labels are the same where they fold to the same text, of which there must be some: marks alone are no label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label(String);

impl Label {
    /// In characters (Unicode scalar values), after trimming.
    pub const MAX_LENGTH: usize = 50;

    /// Takes white space off both ends, and keeps the rest.
    ///
    /// # Errors
    ///
    /// [`TooShort`](ViolationCode::TooShort), [`TooLong`](ViolationCode::TooLong),
    /// [`NulCharacter`](ViolationCode::NulCharacter) or [`ControlCharacter`](ViolationCode::ControlCharacter).
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let trimmed = text.trim();
        check_characters(trimmed)?;
        check_length(trimmed, 1, Self::MAX_LENGTH)?;
        if LabelKey::of(trimmed).0.is_empty() {
            return Err(Violation::new(ViolationCode::TooShort, "A label needs more than marks."));
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// For adapters: takes back what [`parse`](Self::parse) accepted when it was stored.
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// For storing it, as it was spelled.
    pub fn into_string(self) -> String {
        self.0
    }

    /// As it was spelled.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What decides whether another label is the same.
    pub fn key(&self) -> LabelKey {
        LabelKey::of(&self.0)
    }
}

/// The form in which two labels are the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelKey(String);

impl LabelKey {
    /// The key of any text, for asking for what may be no label at all: no label has an empty key.
    pub fn of(text: &str) -> Self {
        // Some characters fold into a space and a mark.
        Self(fold(text).trim().to_owned())
    }

    /// Folded, without white space at its ends. For adapters, which compare it byte by byte.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The labels of a contact: at most 20, in the order in which they were given, none twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(Vec<Label>);

impl Labels {
    /// Of one contact, counted before labels that are the same become one.
    pub const MAX: usize = 20;

    /// Of labels that are the same, the first is kept. Faults are noted under `labels/0` and so on.
    pub fn parse(errors: &mut ValidationErrors, texts: &[String]) -> Self {
        let mut labels = Self::default();
        if texts.len() > Self::MAX {
            let message = format!("A contact has at most {} labels.", Self::MAX);
            errors.push(Violation::new(ViolationCode::TooMany, message).at("labels"));
            return labels;
        }
        for (index, text) in texts.iter().enumerate() {
            if let Some(label) = errors.check(&format!("labels/{index}"), Label::parse(text)) {
                labels.add(label);
            }
        }
        labels
    }

    /// For adapters: takes back what was stored.
    pub const fn from_stored(labels: Vec<Label>) -> Self {
        Self(labels)
    }

    /// In the order in which they were given.
    pub fn into_vec(self) -> Vec<Label> {
        self.0
    }

    /// In the order in which they were given, no two with the same key.
    pub fn as_slice(&self) -> &[Label] {
        &self.0
    }

    /// With another label in the place of this one, or without it. Where the contact has the other one already,
    /// the two become one.
    #[must_use]
    pub fn replacing(&self, key: &LabelKey, replacement: Option<&Label>) -> Self {
        let mut labels = Self::default();
        for label in &self.0 {
            if label.key() != *key {
                labels.add(label.clone());
            } else if let Some(replacement) = replacement {
                labels.add(replacement.clone());
            }
        }
        labels
    }

    fn add(&mut self, label: Label) {
        if !self.0.iter().any(|known| known.key() == label.key()) {
            self.0.push(label);
        }
    }
}

/// Another name for a label, as a client sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelChange {
    /// `None` where it was missing or null.
    pub label: Option<String>,
    /// What was already wrong when the change was read.
    pub errors: ValidationErrors,
}

impl LabelChange {
    /// The new label, or everything that is wrong.
    pub fn validate(self) -> Result<Label, ValidationErrors> {
        let Self { label, mut errors } = self;
        let label = label.ok_or_else(Violation::required).and_then(|text| Label::parse(&text));
        match errors.check("label", label) {
            Some(label) => errors.into_result(label),
            None => Err(errors),
        }
    }
}

/// A label, in one of the spellings in which a user's contacts have it, and how many of them do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelCount {
    /// One spelling that is in use; which one, where there are several, is not said.
    pub label: Label,
    /// Those in the trash are not counted.
    pub contacts: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_has_an_empty_key() {
        for marks in ["\u{301}", "\u{b4}", "\u{fe0f}\u{301}"] {
            assert_eq!(Label::parse(marks).unwrap_err().code(), ViolationCode::TooShort, "{marks:?}");
        }
        // An acute accent by itself is a space with a mark.
        assert_eq!(Label::parse("\u{b4}90s").unwrap().key(), Label::parse("90s").unwrap().key());
    }

    fn labels(texts: &[&str]) -> Result<Labels, ValidationErrors> {
        let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
        let mut errors = ValidationErrors::new();
        let labels = Labels::parse(&mut errors, &texts);
        errors.into_result(labels)
    }

    fn texts(labels: &Labels) -> Vec<&str> {
        labels.as_slice().iter().map(Label::as_str).collect()
    }

    fn label(text: &str) -> Label {
        Label::parse(text).unwrap()
    }

    #[test]
    fn case_is_kept_and_compared_folded() {
        assert_eq!(texts(&labels(&[" Łódź ", "VIP", "lodz", "Vip"]).unwrap()), ["Łódź", "VIP"]);
        assert_eq!(LabelKey::of(" ŁÓDŹ"), label("łódź").key());
    }

    #[test]
    fn every_fault_is_reported_where_it_is() {
        let long = "x".repeat(51);
        let errors = labels(&["ok", " ", &long, "a\nb"]).unwrap_err();
        let faults: Vec<_> = errors.iter().map(|error| (error.field(), error.code)).collect();
        assert_eq!(
            faults,
            [
                ("labels/1", ViolationCode::TooShort),
                ("labels/2", ViolationCode::TooLong),
                ("labels/3", ViolationCode::ControlCharacter),
            ]
        );
    }

    #[test]
    fn the_new_name_of_a_label_is_required_and_a_label() {
        let change = |label: Option<&str>, errors| LabelChange { label: label.map(Into::into), errors }.validate();
        assert_eq!(change(Some(" Chess "), ValidationErrors::new()), Ok(label("Chess")));
        let code = |label, errors| change(label, errors).unwrap_err().iter().next().unwrap().code;
        assert_eq!(code(None, ValidationErrors::new()), ViolationCode::Required);
        assert_eq!(code(Some(" "), ValidationErrors::new()), ViolationCode::TooShort);
        let wrong_type = || Violation::new(ViolationCode::WrongType, "text expected").at("label").into();
        assert_eq!(code(None, wrong_type()), ViolationCode::WrongType);
        let unknown = Violation::new(ViolationCode::UnknownField, "no such field").at("colour").into();
        assert_eq!(code(Some("Chess"), unknown), ViolationCode::UnknownField);
    }

    #[test]
    fn there_are_at_most_20_labels() {
        let many: Vec<String> = (0..21).map(|number| number.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(labels(&many[..20]).unwrap().as_slice().len(), 20);
        let errors = labels(&many).unwrap_err();
        assert_eq!(
            errors.iter().next().map(|error| (error.field(), error.code)),
            Some(("labels", ViolationCode::TooMany))
        );
    }

    #[test]
    fn a_label_is_replaced_in_its_place_merged_or_taken_away() {
        let some = labels(&["Work", "Chess", "VIP"]).unwrap();
        let key = label("chess").key();
        assert_eq!(texts(&some.replacing(&key, Some(&label("Go")))), ["Work", "Go", "VIP"]);
        assert_eq!(texts(&some.replacing(&key, Some(&label("vip")))), ["Work", "vip"]);
        assert_eq!(texts(&some.replacing(&key, Some(&label("CHESS")))), ["Work", "CHESS", "VIP"]);
        assert_eq!(texts(&some.replacing(&key, None)), ["Work", "VIP"]);
    }
}
