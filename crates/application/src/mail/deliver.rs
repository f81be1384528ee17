//! Sending the mails that were ordered.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use contacts_domain::{
    ids::LeaseId,
    mail::{ClaimedMail, LONGEST_SENDING},
    ports::{Clock, IdGenerator, Mailer, MailerError, UnitOfWorkFactory},
};

use super::prepare::{PrepareMail, Prepared};
use crate::{
    Result,
    transaction::{Outcome, in_transaction},
};

/// How long a worker may hold a mail: as long as a mailer may take, and some time for the database before and after.
const LEASE: Duration = LONGEST_SENDING.saturating_add(Duration::from_secs(5));
/// How often a mail is tried before an operator has to look at it: about eight hours.
const MAX_ATTEMPTS: u32 = 18;
const FIRST_DELAY: Duration = Duration::from_secs(2);
const MAX_DELAY: Duration = Duration::from_hours(1);

/// Sends one mail at a time. A mail is claimed, sent and settled in transactions of their own, so that none
/// is open while a mail server is waited for. Wherever that is cut off, the mail is still there, and comes
/// up again when its lease is over: it may arrive twice, and then has the same Message-ID.
pub struct DeliverMail {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) mailer: Arc<dyn Mailer>,
    pub(super) prepare: PrepareMail,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
}

/// What becomes of a link whose mail was not sent for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// Nobody can have it: its time begins anew when it is sent.
    Withdrawn,
    /// Somebody may have it by now.
    Working,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// There is none that is due.
    Idle,
    /// Somebody else is responsible for it now.
    Sent,
    /// There was nobody to send it to, or no need any more.
    Dropped,
    /// It will be tried again.
    Postponed,
    /// It was given up.
    Buried,
}

impl DeliverMail {
    /// Sends the mail that is due first. `worker` is for one caller alone, who waits for the answer before it
    /// calls again.
    pub async fn execute(&self, worker: LeaseId) -> Result<Delivery> {
        // A look costs no lock: most of the time there is nothing to do.
        if !self.store.read().outbox().has_due(self.clock.now()).await? {
            return Ok(Delivery::Idle);
        }
        let Some(mail) = self.claim(worker).await? else { return Ok(Delivery::Idle) };
        if mail.attempts >= MAX_ATTEMPTS {
            return self.bury(&mail, "it was tried too often", Link::Withdrawn).await;
        }
        let prepared = match self.prepare.execute(&mail.order).await? {
            Prepared::Pointless => return self.settle(&mail, Delivery::Dropped).await,
            Prepared::Ready(prepared) => prepared,
        };
        match self.mailer.send(&prepared).await {
            Ok(()) => self.settle(&mail, Delivery::Sent).await,
            Err(error) => {
                let (again, link) = match &error {
                    MailerError::Refused(_) => (false, Link::Withdrawn),
                    MailerError::Temporary(_) => (true, Link::Withdrawn),
                    MailerError::Unanswered(_) => (true, Link::Working),
                };
                if again && mail.attempts + 1 < MAX_ATTEMPTS {
                    self.postpone(&mail, &reason(&error), link).await
                } else {
                    self.bury(&mail, &reason(&error), link).await
                }
            }
        }
    }

    /// Gives back what this worker holds, when it stops.
    pub async fn release(&self, worker: LeaseId) -> Result<()> {
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                work.outbox().release(worker).await?;
                Ok(Outcome::Commit(()))
            })
        })
        .await
    }

    async fn claim(&self, worker: LeaseId) -> Result<Option<ClaimedMail>> {
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let claimed = work.outbox().claim(worker, self.clock.now(), LEASE, 1).await?;
                Ok(Outcome::Commit(claimed.into_iter().next()))
            })
        })
        .await
    }

    async fn settle(&self, mail: &ClaimedMail, delivery: Delivery) -> Result<Delivery> {
        let (id, lease) = (mail.order.id, mail.lease);
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                // Where the lease has passed to somebody else, they settle it.
                work.outbox().settle(id, lease).await?;
                Ok(Outcome::Commit(delivery))
            })
        })
        .await
    }

    async fn postpone(&self, mail: &ClaimedMail, reason: &str, link: Link) -> Result<Delivery> {
        let (id, lease) = (mail.order.id, mail.lease);
        let now = self.clock.now();
        let due_at = now + self.delay(mail.attempts);
        tracing::warn!(mail = %id, reason, attempts = mail.attempts + 1, %due_at, "a mail could not be sent");
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                if work.outbox().postpone(id, lease, due_at, reason).await? && link == Link::Withdrawn {
                    self.prepare.withdraw(work, id).await?;
                }
                Ok(Outcome::Commit(Delivery::Postponed))
            })
        })
        .await
    }

    async fn bury(&self, mail: &ClaimedMail, reason: &str, link: Link) -> Result<Delivery> {
        let (id, lease) = (mail.order.id, mail.lease);
        let at = self.clock.now();
        let buried = in_transaction(&*self.store, |work| {
            Box::pin(async move {
                let buried = work.outbox().bury(id, lease, at, reason).await?;
                if buried && link == Link::Withdrawn {
                    self.prepare.withdraw(work, id).await?;
                }
                Ok(Outcome::Commit(buried))
            })
        })
        .await?;
        // An operator looks for it: only now is it there.
        if buried {
            tracing::error!(mail = %id, reason, "a mail was given up; `contacts mail requeue` tries it again");
        }
        Ok(Delivery::Buried)
    }

    /// Twice as long each time, and up to a quarter more by chance, so that not all come back at once.
    fn delay(&self, attempts: u32) -> TimeDelta {
        let doubled = FIRST_DELAY.saturating_mul(2_u32.saturating_pow(attempts.min(16))).min(MAX_DELAY);
        // The last bits of an id are random.
        let chance = u32::from(self.ids.next().as_bytes()[15]);
        TimeDelta::from_std(doubled + doubled / 4 * chance / 255).unwrap_or_default()
    }
}

/// The causes of an error in one short line.
fn reason(error: &MailerError) -> String {
    let mut next: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    let mut line = error.to_string();
    while let Some(error) = next {
        line = format!("{line}: {error}");
        next = error.source();
    }
    line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect()
}

#[cfg(test)]
mod tests;
