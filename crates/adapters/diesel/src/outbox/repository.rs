//! Ordering mails and working on them, within a transaction.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{NaiveDateTime, TimeDelta};
use contacts_domain::{
    Timestamp,
    ids::{LeaseId, MailId},
    mail::{ClaimedMail, MailOrder},
    ports::{MailOutbox, RepositoryError, RepositoryResult},
};
use diesel::{dsl::case_when, prelude::*, sql_types::Integer};
use diesel_async::RunQueryDsl;

use super::{claimable_mails, row::OrderRow, skip_locked::AmongUnlocked};
use crate::{connection::with_conn, id::Id, schema::outbox, unit_of_work::DieselUnitOfWork};

/// The mail, where it is still held with this lease.
macro_rules! held_mail {
    ($id:expr, $lease:expr) => {
        outbox::table.find(Id($id.uuid())).filter(outbox::lease.eq(Id($lease.uuid())))
    };
}

/// Nobody holds the mail any more.
macro_rules! let_go {
    () => {
        (outbox::lease.eq(None::<Id>), outbox::leased_until.eq(None::<NaiveDateTime>))
    };
}

/// Due, with nothing said against it: whoever asks for it once more thinks that what was wrong is mended, and
/// wants it tried as often as a new one.
macro_rules! as_new {
    ($now:expr) => {
        (
            outbox::due_at.eq($now.naive_utc()),
            outbox::attempts.eq(0),
            outbox::buried_at.eq(None::<NaiveDateTime>),
            outbox::reason.eq(None::<String>),
        )
    };
}

#[async_trait]
impl MailOutbox for DieselUnitOfWork {
    async fn order(&mut self, order: &MailOrder) -> RepositoryResult<()> {
        let row = (OrderRow::from(order), outbox::due_at.eq(order.created_at.naive_utc()), outbox::attempts.eq(0));
        with_conn!(&mut self.connection, |c| diesel::insert_into(outbox::table).values(row).execute(c))?;
        Ok(())
    }

    async fn claim(
        &mut self,
        lease: LeaseId,
        now: Timestamp,
        lease_time: Duration,
        limit: u32,
    ) -> RepositoryResult<Vec<ClaimedMail>> {
        let until = end_of_lease(now, lease_time)?;
        let mut claimed = Vec::new();
        loop {
            let missing = i64::from(limit) - claimed.len() as i64;
            let mut unreadable = Vec::new();
            for row in self.take(lease, now, until, missing).await? {
                let id = row.0.id();
                claimed_mail(row, lease).map_or_else(|error| unreadable.push((id, error)), |mail| claimed.push(mail));
            }
            if unreadable.is_empty() {
                return Ok(claimed);
            }
            for (id, error) in unreadable {
                self.give_up(MailId::new(id.0), lease, now, &error).await?;
            }
        }
    }

    async fn settle(&mut self, id: MailId, lease: LeaseId) -> RepositoryResult<bool> {
        let settle = diesel::delete(held_mail!(id, lease));
        let rows = with_conn!(&mut self.connection, |c| settle.execute(c))?;
        Ok(rows > 0)
    }

    async fn postpone(
        &mut self,
        id: MailId,
        lease: LeaseId,
        due_at: Timestamp,
        reason: &str,
    ) -> RepositoryResult<bool> {
        let postpone = diesel::update(held_mail!(id, lease)).set((
            let_go!(),
            outbox::due_at.eq(due_at.naive_utc()),
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::reason.eq(storable(reason)),
        ));
        let rows = with_conn!(&mut self.connection, |c| postpone.execute(c))?;
        Ok(rows > 0)
    }

    async fn bury(&mut self, id: MailId, lease: LeaseId, at: Timestamp, reason: &str) -> RepositoryResult<bool> {
        let bury = diesel::update(held_mail!(id, lease)).set((
            let_go!(),
            outbox::buried_at.eq(at.naive_utc()),
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::reason.eq(storable(reason)),
        ));
        let rows = with_conn!(&mut self.connection, |c| bury.execute(c))?;
        Ok(rows > 0)
    }

    async fn release(&mut self, lease: LeaseId) -> RepositoryResult<()> {
        let release = diesel::update(outbox::table.filter(outbox::lease.eq(Id(lease.uuid())))).set(let_go!());
        with_conn!(&mut self.connection, |c| release.execute(c))?;
        Ok(())
    }

    async fn requeue(&mut self, id: MailId, now: Timestamp) -> RepositoryResult<bool> {
        let dead = outbox::table.find(Id(id.uuid())).filter(outbox::buried_at.is_not_null());
        let requeue = diesel::update(dead).set(as_new!(now));
        let rows = with_conn!(&mut self.connection, |c| requeue.execute(c))?;
        Ok(rows > 0)
    }

    async fn requeue_all(&mut self, now: Timestamp) -> RepositoryResult<u64> {
        let requeue = diesel::update(outbox::table.filter(outbox::buried_at.is_not_null())).set(as_new!(now));
        let rows = with_conn!(&mut self.connection, |c| requeue.execute(c))?;
        Ok(rows as u64)
    }

    async fn purge(&mut self, buried_before: Timestamp) -> RepositoryResult<u64> {
        // The table is scanned. It holds what waits to be sent and what was given up in the last weeks alone.
        let old = outbox::table.filter(outbox::buried_at.lt(buried_before.naive_utc()));
        let rows = with_conn!(&mut self.connection, |c| diesel::delete(old).execute(c))?;
        Ok(rows as u64)
    }
}

type ClaimedRow = (OrderRow, NaiveDateTime, i32);

impl DieselUnitOfWork {
    /// Holds mails that are due, and returns them the oldest first.
    async fn take(
        &mut self,
        lease: LeaseId,
        now: Timestamp,
        until: NaiveDateTime,
        limit: i64,
    ) -> RepositoryResult<Vec<ClaimedRow>> {
        let due = claimable_mails!(now).order_by((outbox::due_at, outbox::id)).limit(limit).select(outbox::id);
        // A lease that is still there ran out: its worker went away in the middle. That counts as an attempt,
        // so that a mail that ends its worker is not tried for ever.
        let ran_out =
            case_when(outbox::lease.is_not_null(), 1.into_sql::<Integer>()).otherwise(0.into_sql::<Integer>());
        let take = diesel::update(outbox::table.filter(AmongUnlocked(due))).set((
            outbox::lease.eq(Id(lease.uuid())),
            outbox::leased_until.eq(until),
            outbox::attempts.eq(outbox::attempts + ran_out),
        ));
        let mut rows: Vec<ClaimedRow> = with_conn!(&mut self.connection, |c| {
            take.returning((OrderRow::as_returning(), outbox::due_at, outbox::attempts)).load(c)
        })?;
        // An update returns its rows in no order.
        rows.sort_by_key(|(order, due_at, _)| (*due_at, order.id().0));
        Ok(rows)
    }

    /// Gives up a mail that nobody can send, for nobody knows what it is: the others wait behind it.
    async fn give_up(
        &mut self,
        id: MailId,
        lease: LeaseId,
        now: Timestamp,
        error: &RepositoryError,
    ) -> RepositoryResult<()> {
        self.bury(id, lease, now, &format!("it cannot be read: {error}")).await?;
        let error: &(dyn std::error::Error + 'static) = error;
        tracing::error!(mail = %id, error, "a mail is given up, for it cannot be read");
        Ok(())
    }
}

fn claimed_mail((order, _, attempts): ClaimedRow, lease: LeaseId) -> RepositoryResult<ClaimedMail> {
    Ok(ClaimedMail { attempts: order.attempts(attempts)?, order: order.try_into()?, lease })
}

fn end_of_lease(now: Timestamp, lease_time: Duration) -> RepositoryResult<NaiveDateTime> {
    let end = TimeDelta::from_std(lease_time).ok().and_then(|time| now.checked_add_signed(time));
    let end = end.ok_or_else(|| RepositoryError::Backend(format!("a lease of {lease_time:?} has no end").into()))?;
    Ok(end.naive_utc())
}

/// A reason may quote what a mail server said, and PostgreSQL keeps no NUL: it must not be the reason's fault
/// that a failure is not recorded.
fn storable(reason: &str) -> String {
    reason.replace('\0', "\u{FFFD}")
}
