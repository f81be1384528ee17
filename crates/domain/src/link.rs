//! Links in mails: what they may do, once, and for how long.

use std::{fmt, time::Duration};

use crate::{
    Timestamp,
    email_address::EmailAddress,
    ids::{MailId, UserId},
};

/// What a mailed link is for. A link of one purpose is never accepted for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkPurpose {
    /// Proves that the user reads the address of the account. Works for 24 hours.
    VerifyEmail,
    /// Proves that the user reads another address, and makes it the account's. Works for 24 hours.
    ConfirmNewEmail,
    /// Sets a password without the old one. Works for 30 minutes.
    ResetPassword,
}

impl LinkPurpose {
    /// Each purpose once.
    pub const ALL: [Self; 3] = [Self::VerifyEmail, Self::ConfirmNewEmail, Self::ResetPassword];

    /// How it is stored, and mixed into the token. These texts never change.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ConfirmNewEmail => "confirm_new_email",
            Self::ResetPassword => "reset_password",
        }
    }

    /// Reads what [`as_str`](Self::as_str) wrote. `None` for every other text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }

    /// How long a link works, from when it is sent.
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::VerifyEmail | Self::ConfirmNewEmail => Duration::from_hours(24),
            Self::ResetPassword => Duration::from_mins(30),
        }
    }
}

/// The secret part of a link: as good as a password for what the link may do.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken(String);

impl LinkToken {
    /// Takes any text: what is behind it is judged by [`LinkTokens::read`](crate::ports::LinkTokens::read).
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the mail alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(..)")
    }
}

/// What is stored of a token: it says which token is meant, and cannot be used as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkHash(pub [u8; 32]);

/// A link as it is stored. It has the id of the mail that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// That of its mail: one mail holds one link at most.
    pub id: MailId,
    /// Whose account it acts on.
    pub user: UserId,
    /// What it does, and nothing else.
    pub purpose: LinkPurpose,
    /// The address that it was mailed to: the link proves that its owner reads it.
    pub address: EmailAddress,
    /// Of the only token that opens it.
    pub hash: LinkHash,
    /// When its mail was prepared, not when it was ordered.
    pub created_at: Timestamp,
    /// Counted from the sending. `None` while nobody can have it: it was not sent, or in vain.
    pub expires_at: Option<Timestamp>,
    /// When it was used, or a newer one took its place.
    pub closed_at: Option<Timestamp>,
}

/// How many links of a purpose an account was sent lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkHistory {
    /// Within the last 60 seconds.
    pub last_minute: u32,
    /// Within the last 60 minutes; those of the last minute are among them.
    pub last_hour: u32,
}

impl LinkHistory {
    /// At most one a minute and five an hour: more would fill somebody's mailbox, at anybody's wish.
    pub const fn permits_another(self) -> bool {
        self.last_minute < 1 && self.last_hour < 5
    }
}
