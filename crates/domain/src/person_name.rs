//! A name of a person: first or last, or what a user calls themself.

use crate::validation::{Violation, check_characters, check_length};

/// 1 to 100 characters of any script, without surrounding white space or control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// In characters (Unicode scalar values), after trimming.
    pub const MAX_LENGTH: usize = 100;

    /// Takes white space off both ends, and keeps the rest.
    ///
    /// # Errors
    ///
    /// [`TooShort`](crate::validation::ViolationCode::TooShort),
    /// [`TooLong`](crate::validation::ViolationCode::TooLong),
    /// [`NulCharacter`](crate::validation::ViolationCode::NulCharacter) or
    /// [`ControlCharacter`](crate::validation::ViolationCode::ControlCharacter).
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let trimmed = text.trim();
        check_characters(trimmed)?;
        check_length(trimmed, 1, Self::MAX_LENGTH)?;
        Ok(Self(trimmed.to_owned()))
    }

    /// For adapters: takes back what [`parse`](Self::parse) accepted when it was stored.
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// For storing it, as it was written.
    pub fn into_string(self) -> String {
        self.0
    }

    /// As it was written, but for white space at its ends.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validation::ViolationCode;

    #[test]
    fn names_are_trimmed_and_may_be_of_any_script() {
        assert_eq!(PersonName::parse("  Åsa ").unwrap().as_str(), "Åsa");
        assert_eq!(PersonName::parse("\tÅsa\r\n").unwrap().as_str(), "Åsa");
        assert_eq!(PersonName::parse("夏目").unwrap().as_str(), "夏目");
        assert_eq!(PersonName::parse(&"ł".repeat(100)).unwrap().as_str().chars().count(), 100);
    }

    #[test]
    fn blank_long_and_control_characters_are_refused() {
        for (text, code) in [
            ("", ViolationCode::TooShort),
            (" \u{a0} ", ViolationCode::TooShort),
            ("A\0", ViolationCode::NulCharacter),
            ("A\r\nBcc: x", ViolationCode::ControlCharacter),
            (&"x".repeat(101), ViolationCode::TooLong),
        ] {
            assert_eq!(PersonName::parse(text).unwrap_err().code(), code, "{text:?}");
        }
    }
}
