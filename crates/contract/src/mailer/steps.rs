//! What the cases are made of.

use std::time::Duration;

use contacts_domain::{
    email_address::EmailAddress,
    ids::MailId,
    language::Language,
    mail::{Letter, Mail, MailedLink},
    ports::MailerError,
};
use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders, PartType, decoders::html::html_to_text};

use super::{Arrived, Post};
use crate::fixtures::{at, unique_address, unique_uuid};

/// Longer than a line, and with characters that each encoding writes otherwise.
pub(super) const URL: &str = "https://contacts.example/account/verify?token=eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.\
                              c2-_XQ.dGhlIHNlY3JldCBwYXJ0IG9mIGEgbGluaw==&lang=pl#top";

pub(super) const NEW_ADDRESS: &str = "ada.king+new@example.org";

pub(super) fn link() -> MailedLink {
    MailedLink { url: URL.into(), lifetime: Duration::from_hours(24) }
}

/// One of each kind.
pub(super) fn letters() -> [Letter; 6] {
    let new_address = EmailAddress::parse(NEW_ADDRESS).expect("an address");
    [
        Letter::VerifyEmail(link()),
        Letter::ResetPassword(link()),
        Letter::ConfirmNewEmail(link()),
        Letter::EmailChangeRequested { new_address: new_address.clone() },
        Letter::EmailChanged { new_address },
        Letter::PasswordChanged,
    ]
}

/// A mail with an id and a recipient of its own.
pub(super) fn mail(letter: Letter) -> Mail {
    Mail {
        id: MailId::new(unique_uuid()),
        to: unique_address("ada"),
        name: None,
        language: Language::English,
        date: at(0),
        letter,
    }
}

/// Each letter in each language.
pub(super) fn all_mails() -> Vec<Mail> {
    let in_each = |letter: Letter| Language::ALL.map(|language| Mail { language, ..mail(letter.clone()) });
    letters().into_iter().flat_map(in_each).collect()
}

/// A mail as its reader sees it.
#[derive(Debug)]
pub(super) struct Opened {
    /// Whom the headers name: the name, if any, and the address.
    pub(super) to: Vec<(Option<String>, String)>,
    pub(super) recipients: Option<Vec<String>>,
    pub(super) subject: String,
    pub(super) message_id: String,
    /// In seconds since 1970.
    pub(super) date: i64,
    pub(super) text: String,
    pub(super) html: String,
    /// The HTML as a browser shows it.
    pub(super) shown: String,
    /// The names of the headers, in their order, in lower case, and what they say.
    pub(super) headers: Vec<(String, String)>,
}

impl Opened {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn header_names(&self) -> Vec<&str> {
        self.headers.iter().map(|(name, _)| name.as_str()).collect()
    }
}

impl Post {
    /// Sends a mail that no mailer may refuse, and opens it where it arrived.
    pub(super) async fn deliver(&self, mail: &Mail) -> Opened {
        self.mailer.send(mail).await.expect("a mail that is sent");
        let arrived = self.mailbox.arrived().await;
        open(arrived.last().expect("a mail that arrived"))
    }

    /// Sends a mail that a mailer may refuse: what has arrived of it.
    pub(super) async fn offer(&self, mail: &Mail) -> Option<Opened> {
        let before = self.mailbox.arrived().await.len();
        let outcome = self.mailer.send(mail).await;
        let arrived = self.mailbox.arrived().await;
        match outcome {
            Ok(()) => {
                assert_eq!(arrived.len(), before + 1, "one mail is one mail");
                Some(open(&arrived[before]))
            }
            Err(MailerError::Refused(_)) => {
                assert_eq!(arrived.len(), before, "a refused mail has arrived");
                None
            }
            Err(error @ (MailerError::Temporary(_) | MailerError::Unanswered(_))) => {
                panic!("it would be tried again: {error:?}")
            }
        }
    }
}

pub(super) fn open(arrived: &Arrived) -> Opened {
    let message = MessageParser::default().parse(&arrived.message).expect("a message");
    let kind = message.content_type().expect("a kind of message");
    assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("alternative")));
    let [root, text, html] = message.parts.as_slice() else { panic!("two parts: {message:?}") };
    assert!(matches!(root.body, PartType::Multipart(_)), "{root:?}");
    let PartType::Text(text) = &text.body else { panic!("plain text comes first: {text:?}") };
    let PartType::Html(html) = &html.body else { panic!("HTML comes second: {html:?}") };
    Opened {
        to: mailboxes(&message),
        recipients: arrived.recipients.clone(),
        subject: message.subject().expect("a subject").to_owned(),
        message_id: message.message_id().expect("a Message-ID").to_owned(),
        date: message.date().expect("a date").to_timestamp(),
        text: text.to_string(),
        html: html.to_string(),
        shown: html_to_text(html),
        headers: message
            .headers_raw()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect(),
    }
}

fn mailboxes(message: &Message<'_>) -> Vec<(Option<String>, String)> {
    let header = message.header(HeaderName::To).and_then(|header| header.as_address()).expect("a recipient");
    let mailbox = |mailbox: &mail_parser::Addr<'_>| {
        (mailbox.name().map(str::to_owned), mailbox.address().expect("an address").to_owned())
    };
    header.iter().map(mailbox).collect()
}
