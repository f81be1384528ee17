use std::time::Duration;

use async_trait::async_trait;

use super::{RepositoryResult, Source};
use crate::{
    Timestamp,
    ids::{LeaseId, MailId},
    mail::{Backlog, ClaimedMail, DeadMail, Mail, MailOrder},
};

/// Brings mails on their way.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Succeeds once somebody else is responsible for the mail. MUST end within
    /// [`LONGEST_SENDING`](crate::mail::LONGEST_SENDING), MUST give the mail a Message-ID that depends on its id
    /// alone, and MUST NOT let any of its texts add a header or a recipient.
    async fn send(&self, mail: &Mail) -> Result<(), MailerError>;
}

/// Why a mail is not on its way, for as far as the mailer knows.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The mail may go out later: nobody answers, or says that it is a bad moment.
    #[error("the mail cannot be sent now")]
    Temporary(#[source] Source),
    /// Whether the mail is on its way is not known: it was handed over, and the answer is missing. It is to be
    /// sent again, and may then arrive twice.
    #[error("nobody says whether the mail was taken")]
    Unanswered(#[source] Source),
    /// This mail will never be accepted.
    #[error("the mail was refused")]
    Refused(#[source] Source),
}

/// Mails to be sent, read outside of a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait OutboxReader: Send + Sync {
    /// Whether a mail could be claimed now.
    async fn has_due(&self, now: Timestamp) -> RepositoryResult<bool>;

    /// The mails that were given up, the oldest first, at most `limit`. Without those that cannot be read, which
    /// the log names.
    async fn dead(&self, limit: u32) -> RepositoryResult<Vec<DeadMail>>;

    /// How much there is, readable or not.
    async fn backlog(&self) -> RepositoryResult<Backlog>;
}

/// Mails to be sent, within a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait MailOutbox: Send {
    /// Due at once.
    async fn order(&mut self, order: &MailOrder) -> RepositoryResult<()>;

    /// Takes up to `limit` mails that are due and that nobody holds, the oldest first, and holds them with
    /// `lease` for `lease_time`. Of workers that claim at once each MUST get other mails, without waiting for each
    /// other's. One that cannot be read MUST NOT keep the others: it is given up instead.
    async fn claim(
        &mut self,
        lease: LeaseId,
        now: Timestamp,
        lease_time: Duration,
        limit: u32,
    ) -> RepositoryResult<Vec<ClaimedMail>>;

    /// Forgets a mail that was sent, or has become pointless. `false`, and nothing happens, where it is no
    /// longer held with this lease; the same holds for the next three.
    async fn settle(&mut self, id: MailId, lease: LeaseId) -> RepositoryResult<bool>;

    /// Gives a mail back, due at `due_at`, after an attempt that failed for this reason.
    async fn postpone(&mut self, id: MailId, lease: LeaseId, due_at: Timestamp, reason: &str)
    -> RepositoryResult<bool>;

    /// Gives a mail up after an attempt that failed for this reason, until an operator requeues it.
    async fn bury(&mut self, id: MailId, lease: LeaseId, at: Timestamp, reason: &str) -> RepositoryResult<bool>;

    /// Gives back whatever is held with this lease: due again at once, with no attempt counted.
    async fn release(&mut self, lease: LeaseId) -> RepositoryResult<()>;

    /// Makes a mail that was given up due at once, with no attempt counted. `false` where there is none.
    async fn requeue(&mut self, id: MailId, now: Timestamp) -> RepositoryResult<bool>;

    /// The same for all of them; how many there were.
    async fn requeue_all(&mut self, now: Timestamp) -> RepositoryResult<u64>;

    /// Deletes the mails that were given up before this time, readable or not; how many there were.
    async fn purge(&mut self, buried_before: Timestamp) -> RepositoryResult<u64>;
}
