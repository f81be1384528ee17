//! A mail as a message of the Internet (RFC 5322, MIME).

use std::time::{Duration, SystemTime};

use contacts_domain::{Timestamp, mail::Mail, ports::MailerError};
use lettre::{
    Message,
    address::Envelope,
    message::{
        MultiPart, MultiPartKind, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};

use crate::{letter, recipient, sender::Sender};

/// Why a mail cannot become a message. The text names neither the address nor the link.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsendable {
    #[error("the recipient's address cannot stand in a mail")]
    Address,
    #[error("the mail's date cannot stand in a mail")]
    Date,
    #[error("the letter cannot be written")]
    Letter(#[from] askama::Error),
    #[error("the message cannot be composed")]
    Message(#[from] lettre::error::Error),
}

/// It would be the same the next time.
impl From<Unsendable> for MailerError {
    fn from(error: Unsendable) -> Self {
        Self::Refused(error.into())
    }
}

/// The same mail of the same sender always makes the same message, byte for byte.
pub(crate) fn compose(mail: &Mail, sender: &Sender) -> Result<Message, Unsendable> {
    let to = recipient::mailbox(&mail.to, mail.name.as_ref())?;
    let letter = letter::write(&mail.letter, to.name.as_deref(), mail.language)?;
    let from = sender.mailbox().clone();
    // Said outright, for the library would read it from the headers.
    let envelope = Envelope::new(Some(from.email.clone()), vec![to.email.clone()])?;
    let parts = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        // Nobody who gives us a text knows the id beforehand, and so nobody can end a part.
        .boundary(format!("part-{}", mail.id.uuid().simple()))
        .singlepart(SinglePart::plain(letter.text))
        .singlepart(SinglePart::html(letter.html));
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(letter.subject)
        .date(date(mail.date)?)
        .message_id(Some(format!("<{}@{}>", mail.id, sender.domain())))
        // Keeps machines from answering (RFC 3834 section 5).
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", mail.language.tag()))
        .envelope(envelope)
        .multipart(parts)?;
    Ok(message)
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// The library panics at a year that a header has no room for.
fn date(date: Timestamp) -> Result<SystemTime, Unsendable> {
    const YEAR_10000: u64 = 253_402_300_800;
    let seconds = u64::try_from(date.timestamp()).map_err(|_| Unsendable::Date)?;
    if seconds >= YEAR_10000 {
        return Err(Unsendable::Date);
    }
    Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        email_address::EmailAddress,
        ids::MailId,
        language::Language,
        mail::{Letter, MailedLink},
    };
    use uuid::Uuid;

    use super::*;

    fn mail() -> Mail {
        Mail {
            id: MailId::new(Uuid::from_u128(7)),
            to: EmailAddress::parse("ada@example.com").unwrap(),
            name: None,
            language: Language::Polish,
            date: "2026-11-22T07:18:00Z".parse().unwrap(),
            letter: Letter::ResetPassword(MailedLink {
                url: "https://contacts.example/reset?token=a.b&x=1".into(),
                lifetime: Duration::from_mins(30),
            }),
        }
    }

    fn sender() -> Sender {
        Sender::parse("Contacts <no-reply@example.org>").unwrap()
    }

    #[test]
    fn the_same_mail_makes_the_same_message() {
        let first = compose(&mail(), &sender()).unwrap().formatted();
        assert_eq!(compose(&mail(), &sender()).unwrap().formatted(), first);
        let other = Mail { id: MailId::new(Uuid::from_u128(8)), ..mail() };
        assert_ne!(compose(&other, &sender()).unwrap().formatted(), first);
    }

    #[test]
    fn a_message_is_ascii_with_short_lines() {
        let message = compose(&mail(), &sender()).unwrap().formatted();
        assert!(message.is_ascii());
        for line in String::from_utf8(message).unwrap().split("\r\n") {
            assert!(line.len() <= 998 && !line.contains(['\r', '\n']), "{line:?}");
        }
    }

    #[test]
    fn headers_are_as_the_standards_ask() {
        let message = String::from_utf8(compose(&mail(), &sender()).unwrap().formatted()).unwrap();
        for header in [
            "From: Contacts <no-reply@example.org>\r\n",
            "To: ada@example.com\r\n",
            "Date: Sun, 22 Nov 2026 07:18:00 +0000\r\n",
            "Message-ID: <00000000-0000-0000-0000-000000000007@example.org>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Content-Language: pl\r\n",
            "MIME-Version: 1.0\r\n",
        ] {
            assert!(message.contains(header), "{header:?} is not in {message}");
        }
    }

    #[test]
    fn a_date_beyond_what_a_header_holds_is_refused() {
        for date in ["1969-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"] {
            let mail = Mail { date: date.parse().unwrap(), ..mail() };
            assert!(matches!(compose(&mail, &sender()), Err(Unsendable::Date)), "{date}");
        }
    }
}
