//! What is wrong with a request, all of it.

use std::{collections::BTreeSet, fmt};

use crate::format_character::is_format_character;

macro_rules! violation_codes {
    ($($variant:ident $text:literal $explanation:literal;)*) => {
        /// Why a value was refused. The text of a code is part of the API and never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ViolationCode {
            $(#[doc = $explanation] $variant,)*
        }

        impl ViolationCode {
            /// Every code, for the catalogue of errors.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// How the API names it. These texts never change.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What it means, in a sentence.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

violation_codes! {
    Required "required" "The field is missing, or null, and must have a value.";
    WrongType "wrong_type" "The value is of another JSON type than the field.";
    UnknownField "unknown_field" "There is no such field; a misspelt name must not lose data.";
    NulCharacter "nul_character" "The text holds the character NUL, which cannot be stored.";
    ControlCharacter "control_character" "The text holds a control character, such as a line break, or an invisible one, where only plain text can be.";
    TooShort "too_short" "The text is shorter than the field allows.";
    TooLong "too_long" "The text is longer than the field allows.";
    TooMany "too_many" "There are more values than are allowed.";
    OutOfRange "out_of_range" "The number is not a whole number in the range that is allowed.";
    InvalidEmail "invalid_email" "The text is not one e-mail address.";
    InvalidPhone "invalid_phone" "A phone number has digits, spaces and + ( ) - . / x # only, at least 3 digits.";
    InvalidBirthday "invalid_birthday" "A birthday is a date that exists: YYYY-MM-DD, or --MM-DD without the year.";
    BirthdayInFuture "birthday_in_future" "A birthday cannot lie in the future, where the user is.";
    InvalidDate "invalid_date" "A date is YYYY-MM-DD, and exists.";
    InvalidTimeZone "invalid_time_zone" "The text is not a name of the IANA time zone database.";
    InvalidLanguage "invalid_language" "The languages are en and pl.";
    InvalidLeapDayRule "invalid_leap_day_rule" "The leap day rules are feb28 and mar1.";
    InvalidPhoneRegion "invalid_phone_region" "The text is not the code of a country with a numbering plan (ISO 3166-1 alpha-2).";
    CommonPassword "common_password" "The password is one of those that everybody tries first.";
    InvalidSort "invalid_sort" "The list of fields to sort by names an unknown field, or one twice.";
    InvalidCursor "invalid_cursor" "The cursor does not belong to this list with these filters and this sort.";
    InvalidSyncToken "invalid_sync_token" "The text is not a token of the changes feed.";
    InvalidIdempotencyKey "invalid_idempotency_key" "An idempotency key has 1 to 255 printable characters of ASCII.";
    NotFound "not_found" "There is no contact with this id.";
    PreconditionFailed "precondition_failed" "The contact was changed since it was read: it has another ETag.";
    UnknownOperation "unknown_operation" "The operations of a batch are create, update and delete.";
    InvalidEncoding "invalid_encoding" "The query parameter is not percent-encoded UTF-8.";
    RepeatedParameter "repeated_parameter" "The query parameter was sent more than once.";
    UnknownParameter "unknown_parameter" "There is no such query parameter.";
}

/// A broken rule, as the constructor of a value reports it: it does not know which field it was for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Violation {
    code: ViolationCode,
    message: String,
}

impl Violation {
    /// The message is for people, in English; a client decides by the code.
    pub fn new(code: ViolationCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// Of what is missing, or null.
    pub fn required() -> Self {
        Self::new(ViolationCode::Required, "This field is required.")
    }

    /// For programs.
    pub const fn code(&self) -> ViolationCode {
        self.code
    }

    /// For people: a sentence that says what would be right.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Says which field the rule was broken in: the name of a member, or a path of them with `/`.
    pub fn at(self, field: impl Into<String>) -> ValidationError {
        ValidationError { place: Place::Field(field.into()), code: self.code, message: self.message }
    }

    /// Says that the rule was broken by the request as a whole.
    pub fn of_request(self) -> ValidationError {
        ValidationError { place: Place::Request, code: self.code, message: self.message }
    }
}

/// Where a rule was broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the request as a whole: it is not what fields could be read from.
    Request,
    /// In a field, or a path of them with `/`. Its name may be empty: clients send anything.
    Field(String),
}

/// A broken rule and where it was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationError {
    /// Where in the request.
    pub place: Place,
    /// For programs.
    pub code: ViolationCode,
    /// For people: a sentence that says what would be right.
    pub message: String,
}

impl ValidationError {
    /// The field, or nothing where it is the request as a whole.
    pub fn field(&self) -> &str {
        match &self.place {
            Place::Request => "",
            Place::Field(name) => name,
        }
    }
}

/// Every fault that was found in one request, at most one for each field: the first is the cause,
/// what follows from it would only confuse. A fault of the request as a whole stands alone for the
/// same reason. No more than [`MAX`](Self::MAX) are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationErrors {
    errors: Vec<ValidationError>,
    /// Those of the errors: clients send many, and none is looked for among all others.
    places: BTreeSet<Place>,
}

impl ValidationErrors {
    /// A thousand faults are enough for anybody.
    pub const MAX: usize = 1000;

    /// Nothing is wrong yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a fault, unless one of the same place, or of the request as a whole, is noted already, or
    /// [`MAX`](Self::MAX) are.
    pub fn push(&mut self, error: ValidationError) {
        if self.errors.len() < Self::MAX
            && !self.places.contains(&Place::Request)
            && self.places.insert(error.place.clone())
        {
            self.errors.push(error);
        }
    }

    /// Takes over what was found in the same place.
    pub fn append(&mut self, errors: Self) {
        for error in errors.errors {
            self.push(error);
        }
    }

    /// The first of them, at most so many.
    #[must_use]
    pub fn first(mut self, count: usize) -> Self {
        for error in self.errors.drain(self.errors.len().min(count)..) {
            self.places.remove(&error.place);
        }
        self
    }

    /// Keeps the value, or notes why there is none.
    pub fn check<T>(&mut self, field: &str, result: Result<T, Violation>) -> Option<T> {
        result.map_err(|violation| self.push(violation.at(field))).ok()
    }

    /// Parses what was sent, if anything was.
    pub fn parse<T, U>(
        &mut self,
        field: &str,
        value: Option<T>,
        parse: impl FnOnce(T) -> Result<U, Violation>,
    ) -> Option<U> {
        value.and_then(|value| self.check(field, parse(value)))
    }

    /// Takes over what was found below a field: `email` becomes `contact/email`.
    pub fn push_under(&mut self, field: &str, errors: Self) {
        for ValidationError { place, code, message } in errors.errors {
            let place = match place {
                Place::Request => Place::Field(field.to_owned()),
                Place::Field(below) => Place::Field(format!("{field}/{below}")),
            };
            self.push(ValidationError { place, code, message });
        }
    }

    /// Whether a fault was found in this field, or in the request as a whole.
    pub fn mentions(&self, field: &str) -> bool {
        self.errors.iter().any(|error| match &error.place {
            Place::Request => true,
            Place::Field(name) => name == field,
        })
    }

    /// At most [`MAX`](Self::MAX), of however many there were.
    pub fn len(&self) -> usize {
        self.errors.len()
    }

    /// Whether nothing wrong was found.
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// In the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, ValidationError> {
        self.errors.iter()
    }

    /// `value` where nothing is wrong, everything that is wrong otherwise.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<ValidationError> for ValidationErrors {
    fn from(error: ValidationError) -> Self {
        let mut errors = Self::new();
        errors.push(error);
        errors
    }
}

impl fmt::Display for ValidationErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}: {}", error.field(), error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ValidationErrors {}

/// Refuses text outside `min..=max` characters (Unicode scalar values).
pub(crate) fn check_length(text: &str, min: usize, max: usize) -> Result<(), Violation> {
    let length = text.chars().count();
    if length < min {
        let message =
            if length == 0 { "This must not be empty.".into() } else { format!("At least {min} characters.") };
        return Err(Violation::new(ViolationCode::TooShort, message));
    }
    if length > max {
        return Err(Violation::new(ViolationCode::TooLong, format!("At most {max} characters.")));
    }
    Ok(())
}

/// Refuses characters that no line of text holds: NUL breaks databases, line breaks break mail
/// headers.
pub(crate) fn check_characters(text: &str) -> Result<(), Violation> {
    if text.contains('\0') {
        return Err(Violation::new(ViolationCode::NulCharacter, "The character NUL cannot be stored."));
    }
    if text.chars().any(char::is_control) {
        return Err(Violation::new(ViolationCode::ControlCharacter, "Control characters are not allowed here."));
    }
    Ok(())
}

/// Refuses, besides, what nobody sees: two texts that look alike must not be two things.
pub(crate) fn check_visible_characters(text: &str) -> Result<(), Violation> {
    check_characters(text)?;
    if text.chars().any(is_format_character) {
        return Err(Violation::new(ViolationCode::ControlCharacter, "Invisible characters are not allowed here."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct() {
        let mut texts: Vec<_> = ViolationCode::ALL.iter().map(|code| code.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), ViolationCode::ALL.len());
    }

    #[test]
    fn a_fault_of_the_whole_stands_alone() {
        let mut errors = ValidationErrors::from(Violation::new(ViolationCode::WrongType, "no object").of_request());
        errors.push(Violation::required().at("email"));
        errors.push(Violation::required().at(""));
        assert_eq!(errors.iter().count(), 1);
    }

    #[test]
    fn faults_below_a_field_keep_their_places() {
        let mut below = ValidationErrors::from(Violation::required().at("email"));
        below.push(Violation::required().at("labels/0"));
        let mut errors = ValidationErrors::new();
        errors.push_under("contact", below);
        errors.push_under("patch", Violation::new(ViolationCode::WrongType, "no object").of_request().into());
        let fields: Vec<_> = errors.iter().map(|error| error.field()).collect();
        assert_eq!(fields, ["contact/email", "contact/labels/0", "patch"]);
    }

    #[test]
    fn a_thousand_faults_are_kept_and_the_first_of_them_can_be() {
        let mut errors = ValidationErrors::new();
        for number in 0..2000 {
            errors.push(Violation::required().at(number.to_string()));
        }
        assert_eq!((errors.len(), errors.iter().last().map(ValidationError::field)), (1000, Some("999")));
        let mut few = errors.clone().first(2);
        assert_eq!(errors.clone().first(1001), errors);
        // What was dropped may be found again.
        few.append(errors);
        let fields: Vec<_> = few.iter().take(4).map(ValidationError::field).collect();
        assert_eq!((few.len(), fields), (1000, vec!["0", "1", "2", "3"]));
    }

    #[test]
    fn only_the_first_fault_of_a_field_is_kept() {
        let mut errors = ValidationErrors::new();
        errors.push(Violation::new(ViolationCode::WrongType, "text expected").at("email"));
        errors.push(Violation::required().at("email"));
        errors.push(Violation::required().at("phone"));
        let codes: Vec<_> = errors.iter().map(|e| (e.field(), e.code)).collect();
        assert_eq!(codes, [("email", ViolationCode::WrongType), ("phone", ViolationCode::Required)]);
    }
}
