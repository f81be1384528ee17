//! What an answer of a server means.

use std::{error::Error as _, fmt};

use contacts_domain::ports::MailerError;
use lettre::transport::smtp::{Error, response::Code};

/// The steps of a conversation, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Connect,
    StartTls,
    Authenticate,
    Sender,
    Recipient,
    Data,
    Message,
}

/// Why a mail was not taken, in words that are fit for a log: no secret, no link.
#[derive(Debug, thiserror::Error)]
#[error("{step}: {cause}")]
pub(super) struct Failure {
    step: Step,
    cause: String,
    outcome: Outcome,
}

/// What is known of the mail after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    NotTaken,
    /// The server has all of it, and has not said what it makes of it.
    Unknown,
    Refused,
}

impl Failure {
    pub(super) fn of(step: Step, error: &Error) -> Self {
        let outcome = match error.status() {
            Some(code) if step.is_about_the_mail() && refuses(code) => Outcome::Refused,
            None if step == Step::Message => Outcome::Unknown,
            Some(_) | None => Outcome::NotTaken,
        };
        let cause = match error.status() {
            // A server that has seen the message may quote it, and with it the link.
            Some(code) if step == Step::Message => match enhanced_code(error) {
                Some(enhanced) => format!("the server answered {code} {enhanced}"),
                None => format!("the server answered {code}"),
            },
            None if step == Step::Message => "the connection was lost, or the answer cannot be understood".to_owned(),
            _ => error.to_string(),
        };
        Self { step, cause, outcome }
    }

    pub(super) fn timeout(step: Step) -> Self {
        let outcome = if step == Step::Message { Outcome::Unknown } else { Outcome::NotTaken };
        Self { step, cause: "the server does not answer".to_owned(), outcome }
    }

    pub(super) fn temporary(step: Step, cause: &str) -> Self {
        Self { step, cause: cause.to_owned(), outcome: Outcome::NotTaken }
    }

    pub(super) fn permanent(step: Step, cause: &str) -> Self {
        Self { step, cause: cause.to_owned(), outcome: Outcome::Refused }
    }
}

impl From<Failure> for MailerError {
    fn from(failure: Failure) -> Self {
        match failure.outcome {
            Outcome::NotTaken => Self::Temporary(failure.into()),
            Outcome::Unknown => Self::Unanswered(failure.into()),
            Outcome::Refused => Self::Refused(failure.into()),
        }
    }
}

impl Step {
    /// Whether a refusal concerns this mail. In front of it stand our address, our credentials and the server
    /// itself: these are for an operator to mend, and then every mail may go out.
    const fn is_about_the_mail(self) -> bool {
        match self {
            Self::Connect | Self::StartTls | Self::Authenticate | Self::Sender => false,
            Self::Recipient | Self::Data | Self::Message => true,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting to the mail server",
            Self::StartTls => "beginning TLS with the mail server",
            Self::Authenticate => "logging in to the mail server",
            Self::Sender => "naming the sender",
            Self::Recipient => "naming the recipient",
            Self::Data => "announcing the message",
            Self::Message => "sending the message",
        })
    }
}

/// Whether an answer is final. Some ask for credentials instead (RFC 4954 section 6), at any step.
fn refuses(code: Code) -> bool {
    let code = u16::from(code);
    (500..600).contains(&code) && !matches!(code, 530 | 534 | 535 | 538)
}

/// The code of RFC 3463 that an answer may begin with, such as `5.7.1`.
fn enhanced_code(error: &Error) -> Option<String> {
    let answer = error.source()?.to_string();
    let word = answer.split_whitespace().next()?;
    let numbers: Vec<&str> = word.split('.').collect();
    let is_number = |text: &&str| (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    (numbers.len() == 3 && numbers.iter().all(is_number)).then(|| word.to_owned())
}
