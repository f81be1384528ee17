//! The free text of a contact.

use crate::validation::{Violation, ViolationCode, check_length};

/// Up to 10,000 characters, kept exactly as sent; only NUL is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notes(String);

impl Notes {
    /// In characters (Unicode scalar values).
    pub const MAX_LENGTH: usize = 10_000;

    /// Takes the text over as it is: spaces and line breaks stay. It may be empty.
    ///
    /// # Errors
    ///
    /// [`NulCharacter`](ViolationCode::NulCharacter) or [`TooLong`](ViolationCode::TooLong).
    pub fn parse(text: String) -> Result<Self, Violation> {
        if text.contains('\0') {
            return Err(Violation::new(ViolationCode::NulCharacter, "The character NUL cannot be stored."));
        }
        check_length(&text, 0, Self::MAX_LENGTH)?;
        Ok(Self(text))
    }

    /// For adapters: takes back what [`parse`](Self::parse) accepted when it was stored.
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// For storing it, as it was sent.
    pub fn into_string(self) -> String {
        self.0
    }

    /// As it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_kept_as_sent() {
        let text = " two\r\nlines\t";
        assert_eq!(Notes::parse(text.into()).unwrap().as_str(), text);
        assert_eq!(Notes::parse("ß".repeat(10_001)).unwrap_err().code(), ViolationCode::TooLong);
        assert_eq!(Notes::parse("a\0".into()).unwrap_err().code(), ViolationCode::NulCharacter);
    }
}
