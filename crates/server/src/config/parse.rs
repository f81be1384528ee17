//! Texts that more than one setting is made of. An error says what the text must be.

use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

use reqwest::Url;
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

/// A key. It holds no comma, so that it can be listed among the previous ones when another takes its place.
pub(crate) fn secret(text: &str) -> Result<SecretString, String> {
    if text.contains(',') {
        return Err("must hold no comma: it could not be listed among the previous ones once it is replaced".to_owned());
    }
    if text.len() < MIN_SECRET_BYTES {
        return Err(format!("must have at least {MIN_SECRET_BYTES} bytes, and has {}", text.len()));
    }
    Ok(text.into())
}

/// Secrets that are separated by commas, and so hold none. Blanks around one are not part of it.
pub(crate) fn secrets(text: &str) -> Result<Vec<SecretString>, String> {
    let entries = text.split(',').map(str::trim).enumerate();
    let secrets = entries.map(|(index, entry)| {
        secret(entry).map_err(|_| {
            let (number, length) = (index + 1, entry.len());
            format!(
                "must be texts of at least {MIN_SECRET_BYTES} bytes each, separated by commas; number {number} has \
                 {length}"
            )
        })
    });
    secrets.collect()
}

/// The URL of a server, which may hold a password. Its scheme is one of these, and it has a host; the
/// rest is for whoever connects to look at.
pub(crate) fn secret_url(text: &str, schemes: &[&str], must_be: &str) -> Result<SecretString, String> {
    let text = text.trim();
    Url::parse(text)
        .ok()
        .filter(|url| schemes.contains(&url.scheme()) && url.host_str().is_some_and(|host| !host.is_empty()))
        .map(|_| SecretString::from(text))
        .ok_or_else(|| must_be.to_owned())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

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

    #[test]
    fn a_secret_can_be_listed_among_the_previous_ones_later() {
        let error = secret(&format!("{},canary", "x".repeat(32))).unwrap_err();
        assert_eq!(error, "must hold no comma: it could not be listed among the previous ones once it is replaced");
    }

    #[test]
    fn secrets_are_separated_by_commas() {
        let (one, other) = ("x".repeat(32), "y".repeat(40));
        let read = secrets(&format!("{one}, {other} ")).unwrap();
        assert_eq!(read.iter().map(ExposeSecret::expose_secret).collect::<Vec<_>>(), [one.as_str(), &other]);
        for (text, number, length) in [(format!("{one},canary"), 2, 6), (format!("{one},"), 2, 0), (",".into(), 1, 0)] {
            let expected =
                format!("must be texts of at least 32 bytes each, separated by commas; number {number} has {length}");
            assert_eq!(secrets(&text).unwrap_err(), expected);
        }
    }

    #[test]
    fn the_url_of_a_server_has_a_scheme_and_a_host() {
        let read = |text| secret_url(text, &["smtp", "smtps"], "must be better");
        assert_eq!(read(" smtp://ada:canary@mail:587?tls=required ").unwrap().expose_secret().len(), 39);
        for text in
            ["", "mail", "mail:587", "smtp:mail", "smtp://", "smtp:///path", "smtp://ada:canary@", "http://mail"]
        {
            assert_eq!(read(text).unwrap_err(), "must be better", "{text}");
        }
    }
}
