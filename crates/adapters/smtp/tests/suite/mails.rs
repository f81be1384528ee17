//! Mails and mailers to test with.

use std::{error::Error, time::Duration};

use contacts_contract::{
    fixtures::{at, unique_address, unique_uuid},
    servers::smtp::{SmtpOptions, SmtpServer},
};
use contacts_domain::{
    ids::MailId,
    language::Language,
    mail::{Letter, Mail, MailedLink},
    ports::MailerError,
};
use contacts_smtp::{Sender, SmtpMailer, SmtpUrl, Timeouts};

pub(crate) const LINK: &str = "https://contacts.example/reset?token=s3cr3t";

pub(crate) fn mail() -> Mail {
    Mail {
        id: MailId::new(unique_uuid()),
        to: unique_address("ada"),
        name: None,
        language: Language::English,
        date: at(0),
        letter: Letter::ResetPassword(MailedLink { url: LINK.into(), lifetime: Duration::from_mins(30) }),
    }
}

pub(crate) fn sender() -> Sender {
    Sender::parse("Contacts <no-reply@example.org>").unwrap()
}

pub(crate) fn mailer(url: &str) -> SmtpMailer {
    SmtpMailer::new(&SmtpUrl::parse(url).unwrap(), sender()).unwrap()
}

pub(crate) fn hasty_mailer(url: &str, timeouts: Timeouts) -> SmtpMailer {
    SmtpMailer::with_timeouts(&SmtpUrl::parse(url).unwrap(), sender(), timeouts).unwrap()
}

/// A server and a mailer that has all it needs of it.
pub(crate) fn server(options: SmtpOptions) -> (SmtpServer, SmtpMailer) {
    let server = SmtpServer::start(options);
    let mailer = mailer(&server.url());
    (server, mailer)
}

/// All that an error says, to whoever reads it in whatever way.
pub(crate) fn told(error: &MailerError) -> String {
    let mut told = format!("{error:?}");
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        told = format!("{told}: {error}");
        next = error.source();
    }
    told
}

/// It is to be tried again, whether it may have arrived or not.
#[track_caller]
pub(crate) fn assert_temporary(outcome: Result<(), MailerError>) {
    assert!(matches!(outcome, Err(MailerError::Temporary(_) | MailerError::Unanswered(_))), "{outcome:?}");
}

#[track_caller]
pub(crate) fn assert_refused(outcome: Result<(), MailerError>) {
    assert!(matches!(outcome, Err(MailerError::Refused(_))), "{outcome:?}");
}
