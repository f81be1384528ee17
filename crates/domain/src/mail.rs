//! Mails: ordered in a transaction, sent by a worker later.

use std::{fmt, time::Duration};

use crate::{
    Timestamp,
    email_address::EmailAddress,
    ids::{LeaseId, MailId, UserId},
    language::Language,
    person_name::PersonName,
};

/// How long a mailer may take for one mail. A mail whose worker died waits a little longer than this, so it is not
/// more than a server on the other side needs.
pub const LONGEST_SENDING: Duration = Duration::from_secs(40);

/// A mail that somebody shall get. It holds no secret: the link is made when it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailOrder {
    pub id: MailId,
    pub subject: MailSubject,
    pub created_at: Timestamp,
}

/// What a mail is about, and to whom it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailSubject {
    /// To whoever has an account of this address and has not verified it. Whether anybody has is looked
    /// up when it is sent, so that ordering it costs the same for every address.
    VerifyEmail { address: EmailAddress },
    /// To whoever has an account of this address. Looked up as above.
    ResetPassword { address: EmailAddress },
    /// To the new address of an account, which counts once its owner followed the link.
    ConfirmNewEmail { user: UserId, new_address: EmailAddress },
    /// To the address of an account, when another one was asked for.
    EmailChangeRequested { user: UserId, address: EmailAddress, new_address: EmailAddress },
    /// To the former address of an account.
    EmailChanged { user: UserId, address: EmailAddress, new_address: EmailAddress },
    /// To the address of an account.
    PasswordChanged { user: UserId },
}

/// A mail that a worker holds for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedMail {
    pub order: MailOrder,
    pub lease: LeaseId,
    /// How often it was tried before.
    pub attempts: u32,
}

/// A mail that was given up, for an operator to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadMail {
    pub order: MailOrder,
    pub attempts: u32,
    pub buried_at: Timestamp,
    /// Why, in one line.
    pub reason: String,
}

/// What there is in an outbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Mails that are to be sent, at once or later, and those that are being sent.
    pub waiting: u64,
    /// When the oldest of these was ordered.
    pub oldest: Option<Timestamp>,
    pub given_up: u64,
}

/// A mail, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The same however often it is sent, so that a second copy can be known as one.
    pub id: MailId,
    pub to: EmailAddress,
    /// Only where the address was proved to be theirs who chose the name.
    pub name: Option<PersonName>,
    pub language: Language,
    pub date: Timestamp,
    pub letter: Letter,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    VerifyEmail(MailedLink),
    ResetPassword(MailedLink),
    ConfirmNewEmail(MailedLink),
    /// Somebody who knows the password asked for another address.
    EmailChangeRequested {
        new_address: EmailAddress,
    },
    EmailChanged {
        new_address: EmailAddress,
    },
    PasswordChanged,
}

/// A link as it stands in a mail. It is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct MailedLink {
    pub url: String,
    /// How long it works, from now on.
    pub lifetime: Duration,
}

impl fmt::Debug for MailedLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailedLink").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}
