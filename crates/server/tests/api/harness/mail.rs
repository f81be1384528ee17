//! The mails that a server writes into files, where it has no other server to send them by.

use std::{collections::BTreeMap, fs};

use reqwest::Url;
use serde_json::Value;

use super::{process::Process, setup::App};

/// Has the server log what became of each mail that was ordered.
pub(crate) const LOG_DELIVERIES: (&str, &str) = ("LOG_LEVEL", "info,contacts=debug");

/// What a mail is about. Users of tests read English unless they say otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Letter {
    VerifyEmail,
    ResetPassword,
    ConfirmNewEmail,
    EmailChangeRequested,
    EmailChanged,
    PasswordChanged,
}

impl Letter {
    const fn subject(self) -> &'static str {
        match self {
            Self::VerifyEmail => "Please confirm your e-mail address",
            Self::ResetPassword => "Choose a new password",
            Self::ConfirmNewEmail => "Please confirm your new e-mail address",
            Self::EmailChangeRequested => "Another e-mail address for your account",
            Self::EmailChanged => "Your e-mail address has been changed",
            Self::PasswordChanged => "Your password has been changed",
        }
    }
}

/// A mail as it was written.
pub(crate) struct Mail {
    pub(crate) text: String,
    link: Option<Url>,
}

impl Mail {
    /// What the line of the log points to, if it speaks of a mail.
    fn read(line: &str) -> Option<Self> {
        let line: Value =
            serde_json::from_str(line).ok().filter(|line: &Value| line["message"] == "a mail was written")?;
        let text = fs::read_to_string(line["file"].as_str()?).expect("the mail is where the log says");
        Some(Self { text, link: line["link"].as_str().map(|link| Url::parse(link).unwrap()) })
    }

    fn is(&self, letter: Letter, to: &str) -> bool {
        let head = self.text.split("\r\n\r\n").next().unwrap_or_default();
        let holds = |field: String| head.lines().any(|line| line == field);
        holds(format!("Subject: {}", letter.subject())) && holds(format!("To: {to}"))
    }

    /// The address of the page that the mail leads to.
    pub(crate) fn link(&self) -> &Url {
        self.link.as_ref().expect("a mail with a link")
    }

    /// The secret of the link.
    pub(crate) fn token(&self) -> String {
        let parameters: BTreeMap<_, _> = self.link().query_pairs().collect();
        parameters["token"].to_string()
    }
}

impl Process {
    /// Waits for the first `count` mails of this kind to this address, and returns the last of them.
    #[track_caller]
    pub(crate) fn mail_number(&self, count: usize, letter: Letter, to: &str) -> Mail {
        let mut mails = self.log().wait_for_first(count, |line| Mail::read(line).filter(|mail| mail.is(letter, to)));
        assert_eq!(mails.len(), count, "not so many mails {letter:?} were written to {to}");
        mails.pop().expect("nobody waits for no mail")
    }

    /// Waits until so many mails that were ordered were worked on, and says what became of each, in whatever
    /// order that was. The server must have been started with [`LOG_DELIVERIES`].
    #[track_caller]
    pub(crate) fn deliveries(&self, count: usize) -> Vec<String> {
        let mut deliveries = self.log().wait_for_first(count, |line| {
            let line: Value = serde_json::from_str(line).ok()?;
            (line["message"] == "a mail was worked on").then(|| line["delivery"].as_str().unwrap().to_owned())
        });
        assert_eq!(deliveries.len(), count, "{deliveries:?}");
        deliveries.sort();
        deliveries
    }
}

impl App {
    /// Waits for the first mail of this kind to this address.
    #[track_caller]
    pub(crate) fn mail(&self, letter: Letter, to: &str) -> Mail {
        self.process().mail_number(1, letter, to)
    }

    /// Waits for the first mail of this kind to this address, and returns the secret of its link.
    #[track_caller]
    pub(crate) fn mailed_token(&self, letter: Letter, to: &str) -> String {
        self.mail(letter, to).token()
    }
}
