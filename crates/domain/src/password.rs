//! Passwords: what may be chosen, and what is kept of it.

use std::{collections::HashSet, fmt, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

use crate::validation::{Violation, ViolationCode, check_length};

/// A password in clear, for as long as it takes to hash it. It never shows in any output.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// The 3,000 passwords that attackers try first, without those too short to be accepted at all.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with('#')).collect());

impl Password {
    /// In characters (Unicode scalar values), the least that NIST SP 800-63B-3 section 5.1.1.2 allows.
    pub const MIN_LENGTH: usize = 8;
    /// In characters (Unicode scalar values): enough for any pass phrase, and an end to the work.
    pub const MAX_LENGTH: usize = 256;

    /// A new password: 8 to 256 characters of any script, none of the most common ones. It is
    /// normalised (NFC), so that it can be typed on another keyboard.
    pub fn choose(text: &str) -> Result<Self, Violation> {
        let password = Self::attempt(text);
        if text.contains('\0') {
            return Err(Violation::new(ViolationCode::NulCharacter, "The character NUL cannot be typed."));
        }
        check_length(&password.0, Self::MIN_LENGTH, Self::MAX_LENGTH)?;
        if COMMON.contains(password.0.to_lowercase().as_str()) {
            return Err(Violation::new(
                ViolationCode::CommonPassword,
                "This is one of the passwords that everybody tries first.",
            ));
        }
        Ok(password)
    }

    /// What somebody types to log in: any text, for it is only compared.
    pub fn attempt(text: &str) -> Self {
        Self(text.nfc().collect())
    }

    /// The clear text, for the hash function alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// What is stored of a password. Its form belongs to the adapter that made it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes any text: for the adapter that hashes, and for those that store what it made.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// For comparing and storing alone: whoever has it can try passwords at leisure.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_script_is_welcome() {
        assert!(Password::choose("zażółć gęślą").is_ok());
        assert!(Password::choose("correct horse battery staple").is_ok());
        assert!(Password::choose(&"🔑".repeat(256)).is_ok());
    }

    #[test]
    fn short_long_and_common_ones_are_refused() {
        for (text, code) in [
            ("", ViolationCode::TooShort),
            ("seven77", ViolationCode::TooShort),
            (&"x".repeat(257), ViolationCode::TooLong),
            ("password", ViolationCode::CommonPassword),
            ("PassWord1", ViolationCode::CommonPassword),
            ("nul\0nul\0nul", ViolationCode::NulCharacter),
        ] {
            assert_eq!(Password::choose(text).unwrap_err().code(), code, "{text:?}");
        }
    }

    #[test]
    fn the_way_a_letter_is_composed_makes_no_difference() {
        assert_eq!(Password::attempt("e\u{301}mile-du-chatelet"), Password::attempt("émile-du-chatelet"));
    }

    #[test]
    fn secrets_do_not_show() {
        let shown = format!("{:?} {:?}", Password::attempt("hunter2hunter2"), PasswordHash::new("$2b$hash".into()));
        assert!(!shown.contains("hunter2") && !shown.contains("$2b$"), "{shown}");
    }
}
