//! Texts that more than one setting is made of. An error says what the text must be.

use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

use secrecy::SecretString;

/// The fewest bytes of a key: less can be guessed.
const MIN_SECRET_BYTES: usize = 32;

pub(crate) fn number<T>(text: &str, range: RangeInclusive<T>) -> Result<T, String>
where
    T: FromStr + PartialOrd + Display,
{
    text.trim()
        .parse()
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(|| format!("must be a whole number from {} to {}", range.start(), range.end()))
}

pub(crate) fn boolean(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err("must be true or false".to_owned()),
    }
}

pub(crate) fn secret(text: &str) -> Result<SecretString, String> {
    if text.len() < MIN_SECRET_BYTES {
        return Err(format!("must have at least {MIN_SECRET_BYTES} bytes, and has {}", text.len()));
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lie_within_their_range() {
        assert_eq!(number(" 12 ", 4..=15), Ok(12));
        for text in ["3", "16", "", "-4", "1e1", "twelve"] {
            assert_eq!(number::<u32>(text, 4..=15), Err("must be a whole number from 4 to 15".into()), "{text}");
        }
    }

    #[test]
    fn booleans_are_what_people_write() {
        assert_eq!(boolean("TRUE"), Ok(true));
        assert_eq!(boolean("0"), Ok(false));
        assert!(boolean("maybe").is_err());
    }

    #[test]
    fn a_secret_is_long_enough() {
        assert!(secret(&"x".repeat(32)).is_ok());
        assert_eq!(secret("short").unwrap_err(), "must have at least 32 bytes, and has 5");
        assert!(secret(&"ż".repeat(16)).is_ok(), "bytes count, not characters");
    }
}
