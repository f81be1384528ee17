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
    /// Also names the link, and makes the Message-ID.
    pub id: MailId,
    /// What it is about, and to whom.
    pub subject: MailSubject,
    /// When it was ordered; when it is due changes with every attempt.
    pub created_at: Timestamp,
}

/// What a mail is about, and to whom it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailSubject {
    /// To whoever has an account of this address and has not verified it. Whether anybody has is looked
    /// up when it is sent, so that ordering it costs the same for every address.
    VerifyEmail {
        /// As it was typed; compared by its [key](EmailAddress::account_key).
        address: EmailAddress,
    },
    /// To whoever has an account of this address. Looked up as above.
    ResetPassword {
        /// As it was typed; compared by its [key](EmailAddress::account_key).
        address: EmailAddress,
    },
    /// To the new address of an account, which counts once its owner followed the link.
    ConfirmNewEmail {
        /// Whose account asked for another address.
        user: UserId,
        /// Where it goes.
        new_address: EmailAddress,
    },
    /// To the address of an account, when another one was asked for.
    EmailChangeRequested {
        /// Whose account asked for another address. They choose the language.
        user: UserId,
        /// Where it goes: the address that the account had then.
        address: EmailAddress,
        /// The one that was asked for, which the mail names.
        new_address: EmailAddress,
    },
    /// To the former address of an account.
    EmailChanged {
        /// Whose address changed. They choose the language.
        user: UserId,
        /// Where it goes: the address that the account has no more.
        address: EmailAddress,
        /// The one that it has now, which the mail names.
        new_address: EmailAddress,
    },
    /// To the address of an account.
    PasswordChanged {
        /// Whose password it was. Looked up when it is sent, for their address may change meanwhile.
        user: UserId,
    },
}

/// A mail that a worker holds for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedMail {
    /// What is to be sent.
    pub order: MailOrder,
    /// Held by the worker: whatever it reports of the mail must name it.
    pub lease: LeaseId,
    /// How often it was tried before.
    pub attempts: u32,
}

/// A mail that was given up, for an operator to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadMail {
    /// What was to be sent.
    pub order: MailOrder,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// When it was given up; 30 days later it is deleted.
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
    /// Mails that only an operator can set on their way again.
    pub given_up: u64,
}

/// A mail, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The same however often it is sent, so that a second copy can be known as one.
    pub id: MailId,
    /// The only recipient.
    pub to: EmailAddress,
    /// Only where the address was proved to be theirs who chose the name.
    pub name: Option<PersonName>,
    /// Of the whole text.
    pub language: Language,
    /// When it is sent, for the header `Date`.
    pub date: Timestamp,
    /// What it says.
    pub letter: Letter,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// Follow the link, to show that this address is yours.
    VerifyEmail(MailedLink),
    /// Follow the link, to choose a password.
    ResetPassword(MailedLink),
    /// Follow the link, to make this the address of your account.
    ConfirmNewEmail(MailedLink),
    /// Somebody who knows the password asked for another address.
    EmailChangeRequested {
        /// The address that was asked for.
        new_address: EmailAddress,
    },
    /// This is no longer the address of the account.
    EmailChanged {
        /// The address that took its place.
        new_address: EmailAddress,
    },
    /// The account has another password, which was chosen with the old one or by a link.
    PasswordChanged,
}

/// A link as it stands in a mail. It is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct MailedLink {
    /// Absolute, on the public address of this service, with the token in its query.
    pub url: String,
    /// How long it works, from now on.
    pub lifetime: Duration,
}

impl fmt::Debug for MailedLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailedLink").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}
