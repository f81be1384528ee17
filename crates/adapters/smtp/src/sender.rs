//! Who our mails are from.

use std::fmt;

use lettre::message::Mailbox;

use crate::recipient::ascii_address;

/// One mailbox: `no-reply@example.com` or `Contacts <no-reply@example.com>`.
///
/// ```
/// use contacts_smtp::Sender;
///
/// let sender = Sender::parse("Contacts <no-reply@example.com>")?;
/// assert_eq!(sender.to_string(), "Contacts <no-reply@example.com>");
/// assert!(Sender::parse("a@example.com, b@example.com").is_err());
/// # Ok::<(), contacts_smtp::InvalidSender>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

/// Why a text is no sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSender {
    /// It is none, or more than one, or holds a control character, or could not be read again from a header.
    #[error("it is not one mailbox, such as `Contacts <no-reply@example.com>`")]
    NotAMailbox,
    /// It would need SMTPUTF8 (RFC 6531) of every server on the way, for every mail.
    #[error("its address has letters beyond ASCII in front of the @")]
    NotAscii,
}

impl Sender {
    /// The domain may be of any script; it is sent in its ASCII form.
    pub fn parse(text: &str) -> Result<Self, InvalidSender> {
        let mailbox = text.trim().parse::<Mailbox>().map_err(|_| InvalidSender::NotAMailbox)?;
        if text.trim().chars().any(char::is_control) {
            return Err(InvalidSender::NotAMailbox);
        }
        let email = ascii_address(mailbox.email.as_ref()).ok_or(InvalidSender::NotAMailbox)?;
        if !email.user().is_ascii() {
            return Err(InvalidSender::NotAscii);
        }
        let mailbox = Mailbox::new(mailbox.name, email);
        // The library reads headers again that it has written. What it cannot read again is no sender.
        match mailbox.to_string().parse::<Mailbox>() {
            Ok(again) if again == mailbox => Ok(Self(mailbox)),
            _ => Err(InvalidSender::NotAMailbox),
        }
    }

    pub(crate) const fn mailbox(&self) -> &Mailbox {
        &self.0
    }

    /// What Message-IDs end with.
    pub(crate) fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_one_mailbox() {
        for (text, shown, domain) in [
            ("no-reply@example.com", "no-reply@example.com", "example.com"),
            (" contacts@localhost ", "contacts@localhost", "localhost"),
            ("Contacts <no-reply@example.com>", "Contacts <no-reply@example.com>", "example.com"),
            ("\"Contacts, Inc.\" <a@example.com>", "\"Contacts, Inc.\" <a@example.com>", "example.com"),
            ("Książka adresowa <a@przykład.pl>", "Książka adresowa <a@xn--przykad-rjb.pl>", "xn--przykad-rjb.pl"),
        ] {
            let sender = Sender::parse(text).unwrap();
            assert_eq!(sender.to_string(), shown);
            assert_eq!(sender.domain(), domain);
        }
    }

    #[test]
    fn what_is_not_one_mailbox_is_refused() {
        for text in ["", "contacts", "a@", "a@b@c", "a@example.com, b@example.com", "A <a@example.com>\r\nBcc: b@c.de"]
        {
            assert_eq!(Sender::parse(text), Err(InvalidSender::NotAMailbox), "{text:?}");
        }
        assert_eq!(Sender::parse("żółw@example.com"), Err(InvalidSender::NotAscii));
    }
}
