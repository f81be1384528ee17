//! A phone number: what was typed, and what it means.
//!
//! ```
//! use contacts_domain::phone::{Phone, PhoneRegion};
//!
//! let poland = PhoneRegion::parse("PL")?;
//! let phone = Phone::parse("22 555 13 10", Some(poland))?;
//! assert_eq!(phone.typed(), "22 555 13 10");
//! assert_eq!(phone.e164(), Some("+48225551310"));
//! assert!(phone.search_digits().contains("0048225551310"));
//!
//! // Without a region nobody knows which country is meant. The number is kept all the same.
//! let unknown = Phone::parse("22 555 13 10", None)?;
//! assert_eq!((unknown.typed(), unknown.e164()), ("22 555 13 10", None));
//! assert_eq!(Phone::parse("0048 22 555 13 10", None)?.e164(), Some("+48225551310"));
//!
//! assert!(Phone::parse("call me", None).is_err());
//! # Ok::<(), contacts_domain::validation::Violation>(())
//! ```

use std::{fmt, str::FromStr};

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, enums::Region};

use crate::validation::{Violation, ViolationCode, check_length};

/// A region that has a numbering plan (ISO 3166-1 alpha-2), where numbers without a country code
/// are dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhoneRegion(Region);

impl PhoneRegion {
    /// Takes two upper-case letters (`PL`), of a country that the library knows a numbering plan of.
    ///
    /// # Errors
    ///
    /// [`InvalidPhoneRegion`](ViolationCode::InvalidPhoneRegion) for every other text.
    pub fn parse(code: &str) -> Result<Self, Violation> {
        let known = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        Region::from_str(code)
            .ok()
            .filter(|region| known && PHONE_NUMBER_UTIL.get_supported_regions().any(|supported| supported == *region))
            .map(Self)
            .ok_or_else(|| {
                Violation::new(
                    ViolationCode::InvalidPhoneRegion,
                    "This is not the code of a country with a numbering plan (ISO 3166-1 alpha-2, as `PL`).",
                )
            })
    }
}

impl fmt::Display for PhoneRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A phone number as typed, and in E.164 where it was understood.
///
/// What is typed is never changed: 3 to 40 digits, spaces and `+ ( ) - . / x #`, with at least 3
/// digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    typed: String,
    e164: Option<String>,
}

impl Phone {
    /// In characters. As many of them must be digits.
    pub const MIN_LENGTH: usize = 3;
    /// In characters, all signs and spaces included.
    pub const MAX_LENGTH: usize = 40;

    /// Reads a number as it is dialled in `region`. It is understood where it is valid there, or
    /// has a country code; without a region a leading `00` stands for `+`.
    pub fn parse(text: &str, region: Option<PhoneRegion>) -> Result<Self, Violation> {
        let invalid = |message: &str| Violation::new(ViolationCode::InvalidPhone, message);
        if text.contains('\0') {
            return Err(Violation::new(ViolationCode::NulCharacter, "The character NUL cannot be stored."));
        }
        if !text.chars().all(is_dialled) {
            return Err(invalid("A phone number has digits, spaces and + ( ) - . / x # only."));
        }
        check_length(text, Self::MIN_LENGTH, Self::MAX_LENGTH)?;
        if digits_of(text).len() < 3 {
            return Err(invalid("A phone number has at least 3 digits."));
        }
        Ok(Self { typed: text.to_owned(), e164: understand(text, region) })
    }

    /// For adapters: takes back what was stored.
    pub const fn from_stored(typed: String, e164: Option<String>) -> Self {
        Self { typed, e164 }
    }

    /// As typed, and in E.164.
    pub fn into_parts(self) -> (String, Option<String>) {
        (self.typed, self.e164)
    }

    /// Exactly as it was typed, spaces included.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// `+` and up to 15 digits (ITU-T E.164); `None` where the number was not understood.
    pub fn e164(&self) -> Option<&str> {
        self.e164.as_deref()
    }

    /// The digits in every way the number may be spelled, separated by spaces: as typed,
    /// internationally (`0048…`), nationally. A search for any run of digits of one spelling finds it.
    pub fn search_digits(&self) -> String {
        let mut spellings = vec![digits_of(&self.typed)];
        if let Some(e164) = &self.e164 {
            spellings.push(format!("00{}", digits_of(e164)));
            if let Ok(number) = PHONE_NUMBER_UTIL.parse(e164, None) {
                spellings.push(digits_of(&number.format_as(PhoneNumberFormat::National)));
            }
        }
        let mut kept: Vec<String> = Vec::with_capacity(spellings.len());
        for spelling in spellings {
            if !kept.iter().any(|longer| longer.contains(&spelling)) {
                kept.retain(|shorter| !spelling.contains(shorter.as_str()));
                kept.push(spelling);
            }
        }
        kept.join(" ")
    }
}

/// Whether a character may stand in a phone number.
pub(crate) const fn is_dialled(c: char) -> bool {
    matches!(c, '0'..='9' | ' ' | '+' | '(' | ')' | '-' | '.' | '/' | 'x' | '#')
}

pub(crate) fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn understand(text: &str, region: Option<PhoneRegion>) -> Option<String> {
    // What stands before the first digit, as a bracket, says nothing, unless it is a plus.
    let dialled = text.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+');
    let number = match (region, dialled.strip_prefix("00")) {
        (None, Some(rest)) => PHONE_NUMBER_UTIL.parse(format!("+{rest}"), None),
        (region, _) => PHONE_NUMBER_UTIL.parse(text.trim(), region.map(|region| region.0)),
    };
    number.ok().filter(|number| number.is_valid()).map(|number| number.format_as(PhoneNumberFormat::E164).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn e164(text: &str, region: Option<&str>) -> Option<String> {
        let region = region.map(|code| PhoneRegion::parse(code).unwrap());
        Phone::parse(text, region).unwrap().e164().map(str::to_owned)
    }

    #[test]
    fn a_country_code_is_enough() {
        assert_eq!(e164("+48 22 555 03 10", None).as_deref(), Some("+48225550310"));
        assert_eq!(e164("0044 161 496 0002", None).as_deref(), Some("+441614960002"));
        assert_eq!(e164("(0048) 22 555 03 10", None).as_deref(), Some("+48225550310"));
        assert_eq!(e164("+44 20 7946 0000", Some("PL")).as_deref(), Some("+442079460000"));
    }

    #[test]
    fn without_one_the_region_decides() {
        assert_eq!(e164("22 555 03 10", None), None);
        assert_eq!(e164("22 555 03 10", Some("PL")).as_deref(), Some("+48225550310"));
        assert_eq!(e164("0161 496 0002", Some("GB")).as_deref(), Some("+441614960002"));
    }

    #[test]
    fn a_region_that_dials_otherwise_does_not_read_00_as_plus() {
        assert_eq!(e164("0048 22 555 03 10", Some("GB")).as_deref(), Some("+48225550310"));
        assert_eq!(e164("0048 22 555 03 10", Some("US")), None);
        assert_eq!(e164("011 48 22 555 03 10", Some("US")).as_deref(), Some("+48225550310"));
    }

    #[test]
    fn what_is_not_a_valid_number_is_kept_and_not_understood() {
        for text in ["112", "+1 000 000 0000", "12345", "#31#123", "+++123"] {
            assert_eq!(Phone::parse(text, None).unwrap().typed(), text);
            assert_eq!(e164(text, None), None, "{text}");
        }
    }

    #[test]
    fn what_is_not_dialled_is_refused() {
        for (text, code) in [
            ("abc", ViolationCode::InvalidPhone),
            ("+-+", ViolationCode::InvalidPhone),
            ("1 2", ViolationCode::InvalidPhone),
            ("12", ViolationCode::TooShort),
            ("", ViolationCode::TooShort),
            ("+48\n22555", ViolationCode::InvalidPhone),
            ("+48\0", ViolationCode::NulCharacter),
            ("٠١٢٣", ViolationCode::InvalidPhone),
            (&"1".repeat(41), ViolationCode::TooLong),
        ] {
            assert_eq!(Phone::parse(text, None).unwrap_err().code(), code, "{text:?}");
        }
    }

    #[test]
    fn every_spelling_is_searchable() {
        let digits = Phone::parse("+44 (161) 496-0002", None).unwrap().search_digits();
        for run in ["0044161", "44161", "01614960002", "4960002"] {
            assert!(digits.split(' ').any(|spelling| spelling.contains(run)), "{run} in {digits}");
        }
        assert_eq!(Phone::parse("123 456", None).unwrap().search_digits(), "123456");
    }

    #[test]
    fn regions_are_countries_with_numbers() {
        assert_eq!(PhoneRegion::parse("PL").unwrap().to_string(), "PL");
        for code in ["", "pl", "XX", "POL", "001", "P\0"] {
            assert_eq!(PhoneRegion::parse(code).unwrap_err().code(), ViolationCode::InvalidPhoneRegion, "{code}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_parsing_panic(text in "[0-9 +()./x#-]{0,45}", gb in any::<bool>()) {
            let region = gb.then(|| PhoneRegion::parse("GB").unwrap());
            if let Ok(phone) = Phone::parse(&text, region) {
                prop_assert_eq!(phone.typed(), text);
                let _ = phone.search_digits();
            }
        }
    }
}
