//! An e-mail address.
//!
//! ```
//! use contacts_domain::email_address::EmailAddress;
//!
//! let (typed, again) = (EmailAddress::parse(" Ada@Example.com ")?, EmailAddress::parse("ada@example.com")?);
//! assert_eq!(typed.as_str(), "Ada@Example.com");
//! assert_eq!(typed.account_key(), again.account_key());
//! assert!(EmailAddress::parse("Ada <ada@example.com>").is_err());
//! # Ok::<(), contacts_domain::validation::Violation>(())
//! ```

use caseless::Caseless;
use idna::{AsciiDenyList, uts46};
use unicode_normalization::UnicodeNormalization;

use crate::validation::{Violation, ViolationCode, check_characters, check_length, check_visible_characters};

/// One address (RFC 5321, with the Unicode of RFC 6531): at most 254 characters, in front of the `@` at
/// most 64 bytes, behind it a name of the DNS with a dot. Display names, comments and address literals
/// are refused, and so is what would only be seen by its effect: control and format characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The longest address that fits in a mail envelope (RFC 5321 section 4.5.3.1.3).
    pub const MAX_LENGTH: usize = 254;

    /// Takes white space off both ends and composes letters (NFC). The case is kept.
    ///
    /// # Errors
    ///
    /// [`InvalidEmail`](ViolationCode::InvalidEmail) where it is no address; [`TooShort`](ViolationCode::TooShort)
    /// and [`TooLong`](ViolationCode::TooLong), [`NulCharacter`](ViolationCode::NulCharacter),
    /// [`ControlCharacter`](ViolationCode::ControlCharacter) where the text alone says so.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        check_visible_characters(text.trim())?;
        Self::parse_known(text)
    }

    /// As [`parse`](Self::parse), but format characters are accepted, as they were formerly: for what names an
    /// account that may be there since then.
    pub fn parse_known(text: &str) -> Result<Self, Violation> {
        // Composed letters are what mail wants (RFC 6532 section 3.1).
        let address: String = text.trim().nfc().collect();
        check_characters(&address)?;
        check_length(&address, 1, Self::MAX_LENGTH)?;
        // A quoted local part may hold an `@` too; a domain may not.
        match address.rsplit_once('@') {
            Some((local, domain)) if is_local_part(local) && is_domain(domain) => Ok(Self(address)),
            _ => Err(Violation::new(ViolationCode::InvalidEmail, "This is not an e-mail address.")),
        }
    }

    /// For adapters: takes back what [`parse`](Self::parse) accepted when it was stored.
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// For storing it: the case as it was typed.
    pub fn into_string(self) -> String {
        self.0
    }

    /// With the case as it was typed. Two addresses are compared by their [key](Self::account_key).
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two addresses are the same account: case makes no difference, and neither
    /// does the way a letter is composed. Accents do: they may be two people.
    pub fn account_key(&self) -> String {
        account_key(&self.0)
    }
}

/// The library judges the shape by RFC 5321. Beyond ASCII every character may stand where a letter may
/// (RFC 6531 section 3.3), but for white space.
fn is_local_part(local: &str) -> bool {
    let ascii: String = local.chars().map(|c| if c.is_ascii() { c } else { 'a' }).collect();
    local.len() <= 64
        && !local.chars().any(|c| !c.is_ascii() && c.is_whitespace())
        && email_address::EmailAddress::is_valid_local_part(&ascii)
}

/// A host name of the DNS with at least two labels, in any script (RFC 5890), whose last one is no
/// number: that would be an address of the network.
fn is_domain(domain: &str) -> bool {
    let processed = uts46::Uts46::new().to_ascii(
        domain.as_bytes(),
        AsciiDenyList::STD3,
        uts46::Hyphens::CheckFirstLast,
        uts46::DnsLength::Verify,
    );
    processed.is_ok_and(|ascii| {
        ascii.rsplit_once('.').is_some_and(|(_, last)| !last.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The [account key](EmailAddress::account_key) of any text, for a login with what may not be an
/// address at all.
pub fn account_key(text: &str) -> String {
    text.trim().nfd().default_case_fold().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_accepted() {
        for text in [
            "ada@example.com",
            " o'hara+tag@sub.example.co.uk ",
            "\"a b\"@example.com",
            "\"a@b\"@example.com",
            "żółw@przykład.pl",
            "😀@example.com",
            "संपर्क@डाटामेल.भारत",
            "a@xn--przykad-rjb.pl",
            "x@a-b.c0m",
        ] {
            assert_eq!(EmailAddress::parse(text).unwrap().as_str(), text.trim());
        }
    }

    #[test]
    fn letters_are_composed() {
        assert_eq!(EmailAddress::parse("e\u{301}mile@example.com").unwrap().as_str(), "\u{e9}mile@example.com");
    }

    #[test]
    fn what_is_not_one_address_is_refused() {
        for text in [
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "a b@example.com",
            "ada@[127.0.0.1]",
            "a@b@example.com",
            "ada@b!c.com",
            "ada@x|y.org",
            "ada@-x.org",
            "ada@x-.org",
            "ada@a..org",
            "ada@x.org.",
            "ada@1.2.3.4",
            ".ada@x.org",
            "ada.@x.org",
            "a..b@x.org",
            "a\u{a0}b@x.org",
            "ada@exa mple.org",
            "ada@x_y.org",
        ] {
            assert_eq!(EmailAddress::parse(text).unwrap_err().code(), ViolationCode::InvalidEmail, "{text}");
        }
        assert_eq!(EmailAddress::parse("Ada <ada@example.com>").unwrap_err().code(), ViolationCode::InvalidEmail);
        assert_eq!(EmailAddress::parse("").unwrap_err().code(), ViolationCode::TooShort);
        assert_eq!(EmailAddress::parse("a\0@example.com").unwrap_err().code(), ViolationCode::NulCharacter);
        assert_eq!(EmailAddress::parse("a\r\nb@example.com").unwrap_err().code(), ViolationCode::ControlCharacter);
        for invisible in ['\u{ad}', '\u{200b}', '\u{200f}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{e0041}'] {
            for text in [format!("ada{invisible}@example.com"), format!("ada@exam{invisible}ple.com")] {
                assert_eq!(EmailAddress::parse(&text).unwrap_err().code(), ViolationCode::ControlCharacter, "{text:?}");
            }
        }
        let long = format!("{}@{}.com", "a".repeat(60), "b".repeat(200));
        assert_eq!(EmailAddress::parse(&long).unwrap_err().code(), ViolationCode::TooLong);
    }

    #[test]
    fn joiners_are_accepted_for_there_are_scripts_that_need_them() {
        for text in ["क\u{94d}\u{200d}ष@example.com", "می\u{200c}خواهم@example.com"] {
            assert_eq!(EmailAddress::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn an_address_of_former_times_is_found_as_it_was_stored() {
        let stored = EmailAddress::from_stored("ada\u{200b}@example.com".into());
        assert_eq!(stored.account_key(), account_key("Ada\u{200b}@example.com"));
        assert_eq!(EmailAddress::parse_known(stored.as_str()).unwrap(), stored);
        for (damaged, code) in
            [("ada", ViolationCode::InvalidEmail), ("a\nb@example.com", ViolationCode::ControlCharacter)]
        {
            assert_eq!(EmailAddress::parse_known(damaged).unwrap_err().code(), code);
        }
    }

    #[test]
    fn an_account_is_found_whatever_the_case() {
        assert_eq!(account_key("Ada@Example.COM"), account_key(" ada@example.com"));
        assert_eq!(account_key("ÉMILE@example.com"), account_key("e\u{301}mile@example.com"));
        assert_ne!(account_key("emile@example.com"), account_key("émile@example.com"));
    }
}
