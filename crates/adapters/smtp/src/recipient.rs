//! Whom a mail goes to.

use contacts_domain::{email_address::EmailAddress, person_name::PersonName};
use lettre::{Address, message::Mailbox};

use crate::message::Unsendable;

/// A mailbox that can stand in a header. Addresses that could end the line are refused; a name only
/// adorns, so it loses what it must not hold, and the mail goes out.
pub(crate) fn mailbox(to: &EmailAddress, name: Option<&PersonName>) -> Result<Mailbox, Unsendable> {
    let address = ascii_address(to.as_str()).ok_or(Unsendable::Address)?;
    Ok(Mailbox::new(name.and_then(one_line), address))
}

/// The address with its domain in ASCII (RFC 5891), the form that every server takes.
pub(crate) fn ascii_address(text: &str) -> Option<Address> {
    if text.chars().any(char::is_control) {
        return None;
    }
    let (local, domain) = text.rsplit_once('@')?;
    if domain.is_ascii() {
        return Address::new(local, domain).ok();
    }
    Address::new(local, idna::domain_to_ascii_strict(domain).ok()?).ok()
}

/// A name in one line, if anything of it remains.
pub(crate) fn one_line(name: &PersonName) -> Option<String> {
    let words = name.as_str().split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_sent_in_ascii() {
        for (text, ascii) in [
            ("ada@example.com", "ada@example.com"),
            ("\"a@b\"@example.com", "\"a@b\"@example.com"),
            ("ada@Przykład.pl", "ada@xn--przykad-rjb.pl"),
            ("żółw@przykład.pl", "żółw@xn--przykad-rjb.pl"),
        ] {
            assert_eq!(ascii_address(text).unwrap().to_string(), ascii);
        }
    }

    #[test]
    fn what_could_end_a_line_is_no_address() {
        for text in [
            "a\r\nBcc: b@c.de",
            "a@b.de\r\nBcc: b@c.de",
            "a\n@b.de",
            "\"a\r\nb\"@c.de",
            "a\0@b.de",
            "a\u{85}@b.de",
            // The library would take this one; a header that is folded there is read otherwise.
            "\"a\tb\"@c.de",
            "a@b.de> SIZE=1",
            "a",
        ] {
            assert_eq!(ascii_address(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_name_is_one_line() {
        for (name, line) in [
            ("Ada Lovelace", Some("Ada Lovelace")),
            ("Ada\r\nBcc: x@y.de", Some("Ada Bcc: x@y.de")),
            ("A\u{0}\u{85}d\ta", Some("A d a")),
            (" \r\n ", None),
        ] {
            assert_eq!(one_line(&PersonName::from_stored(name.into())).as_deref(), line);
        }
    }
}
