//! What is wrong with a request, all of it.

use std::fmt;

/// Why a value was refused. The text of a code is part of the API and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViolationCode {
    Required,
    WrongType,
    UnknownField,
    NulCharacter,
    ControlCharacter,
    TooShort,
    TooLong,
    TooMany,
    OutOfRange,
    InvalidEmail,
    InvalidPhone,
    InvalidBirthday,
    BirthdayInFuture,
    InvalidDate,
    InvalidTimeZone,
    InvalidLanguage,
    InvalidLeapDayRule,
    InvalidPhoneRegion,
    CommonPassword,
    InvalidSort,
    InvalidCursor,
    InvalidEncoding,
    RepeatedParameter,
    UnknownParameter,
}

impl ViolationCode {
    /// Every code, for the catalogue of errors.
    pub const ALL: [Self; 24] = [
        Self::Required,
        Self::WrongType,
        Self::UnknownField,
        Self::NulCharacter,
        Self::ControlCharacter,
        Self::TooShort,
        Self::TooLong,
        Self::TooMany,
        Self::OutOfRange,
        Self::InvalidEmail,
        Self::InvalidPhone,
        Self::InvalidBirthday,
        Self::BirthdayInFuture,
        Self::InvalidDate,
        Self::InvalidTimeZone,
        Self::InvalidLanguage,
        Self::InvalidLeapDayRule,
        Self::InvalidPhoneRegion,
        Self::CommonPassword,
        Self::InvalidSort,
        Self::InvalidCursor,
        Self::InvalidEncoding,
        Self::RepeatedParameter,
        Self::UnknownParameter,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::WrongType => "wrong_type",
            Self::UnknownField => "unknown_field",
            Self::NulCharacter => "nul_character",
            Self::ControlCharacter => "control_character",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::TooMany => "too_many",
            Self::OutOfRange => "out_of_range",
            Self::InvalidEmail => "invalid_email",
            Self::InvalidPhone => "invalid_phone",
            Self::InvalidBirthday => "invalid_birthday",
            Self::BirthdayInFuture => "birthday_in_future",
            Self::InvalidDate => "invalid_date",
            Self::InvalidTimeZone => "invalid_time_zone",
            Self::InvalidLanguage => "invalid_language",
            Self::InvalidLeapDayRule => "invalid_leap_day_rule",
            Self::InvalidPhoneRegion => "invalid_phone_region",
            Self::CommonPassword => "common_password",
            Self::InvalidSort => "invalid_sort",
            Self::InvalidCursor => "invalid_cursor",
            Self::InvalidEncoding => "invalid_encoding",
            Self::RepeatedParameter => "repeated_parameter",
            Self::UnknownParameter => "unknown_parameter",
        }
    }
}

/// A broken rule, as the constructor of a value reports it: it does not know which field it was for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Violation {
    code: ViolationCode,
    message: String,
}

impl Violation {
    pub fn new(code: ViolationCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    pub fn required() -> Self {
        Self::new(ViolationCode::Required, "This field is required.")
    }

    pub const fn code(&self) -> ViolationCode {
        self.code
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    /// Says which field the rule was broken in: the name of a member, or a path of them with `/`.
    pub fn at(self, field: impl Into<String>) -> ValidationError {
        ValidationError {
            field: field.into(),
            code: self.code,
            message: self.message,
        }
    }
}

/// A broken rule and the field it was broken in. An empty field means the request as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationError {
    pub field: String,
    pub code: ViolationCode,
    pub message: String,
}

/// Every fault that was found in one request, at most one for each field: the first is the cause,
/// what follows from it would only confuse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationErrors(Vec<ValidationError>);

impl ValidationErrors {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn push(&mut self, error: ValidationError) {
        if !self.mentions(&error.field) {
            self.0.push(error);
        }
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

    pub fn mentions(&self, field: &str) -> bool {
        self.0.iter().any(|error| error.field == field)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, ValidationError> {
        self.0.iter()
    }

    /// `value` where nothing is wrong, everything that is wrong otherwise.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<ValidationError> for ValidationErrors {
    fn from(error: ValidationError) -> Self {
        Self(vec![error])
    }
}

impl fmt::Display for ValidationErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}: {}", error.field, error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ValidationErrors {}

/// Refuses text outside `min..=max` characters (Unicode scalar values).
pub(crate) fn check_length(text: &str, min: usize, max: usize) -> Result<(), Violation> {
    let length = text.chars().count();
    if length < min {
        let message = if length == 0 {
            "This must not be empty.".into()
        } else {
            format!("At least {min} characters.")
        };
        return Err(Violation::new(ViolationCode::TooShort, message));
    }
    if length > max {
        return Err(Violation::new(
            ViolationCode::TooLong,
            format!("At most {max} characters."),
        ));
    }
    Ok(())
}

/// Refuses characters that no line of text holds: NUL breaks databases, line breaks break mail
/// headers. `allowed` names the exceptions.
pub(crate) fn check_characters(text: &str, allowed: &[char]) -> Result<(), Violation> {
    if text.contains('\0') {
        return Err(Violation::new(
            ViolationCode::NulCharacter,
            "The character NUL cannot be stored.",
        ));
    }
    if text.chars().any(|c| c.is_control() && !allowed.contains(&c)) {
        return Err(Violation::new(
            ViolationCode::ControlCharacter,
            "Control characters are not allowed here.",
        ));
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
    fn only_the_first_fault_of_a_field_is_kept() {
        let mut errors = ValidationErrors::new();
        errors.push(Violation::new(ViolationCode::WrongType, "text expected").at("email"));
        errors.push(Violation::required().at("email"));
        errors.push(Violation::required().at("phone"));
        let codes: Vec<_> = errors.iter().map(|e| (e.field.as_str(), e.code)).collect();
        assert_eq!(
            codes,
            [("email", ViolationCode::WrongType), ("phone", ViolationCode::Required)]
        );
    }
}
