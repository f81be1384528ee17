//! Reading mails, outside of a transaction.

use async_trait::async_trait;
use chrono::NaiveDateTime;
use contacts_domain::{
    Timestamp,
    mail::{Backlog, DeadMail},
    ports::{OutboxReader, RepositoryError, RepositoryResult},
};
use diesel::{
    dsl::{count_star, exists, min},
    prelude::*,
};

use super::{claimable_mails, row::OrderRow};
use crate::{
    database::Database,
    reader::{Cost, read},
    schema::outbox,
};

#[async_trait]
impl OutboxReader for Database {
    async fn has_due(&self, now: Timestamp) -> RepositoryResult<bool> {
        let query = diesel::select(exists(claimable_mails!(now)));
        let reader = self.reader(Cost::Any).await?;
        read!(&reader, get_result query)
    }

    async fn dead(&self, limit: u32) -> RepositoryResult<Vec<DeadMail>> {
        let reader = self.reader(Cost::Any).await?;
        let (mut dead, mut seen) = (Vec::new(), 0);
        // Those that cannot be read must not use up the limit: the next ones are looked at in their place.
        loop {
            let missing = i64::from(limit) - dead.len() as i64;
            let query = outbox::table
                .filter(outbox::buried_at.is_not_null())
                .order_by((outbox::buried_at, outbox::id))
                .offset(seen)
                .limit(missing);
            let rows: Vec<DeadRow> = read!(&reader, load query.select((OrderRow::as_select(), outbox::attempts, outbox::buried_at, outbox::reason)))?;
            let found = rows.len() as i64;
            seen += found;
            dead.extend(rows.into_iter().filter_map(readable));
            if found < missing || dead.len() as i64 == i64::from(limit) {
                return Ok(dead);
            }
        }
    }

    async fn backlog(&self) -> RepositoryResult<Backlog> {
        let reader = self.reader(Cost::Any).await?;
        let waiting = outbox::table.filter(outbox::buried_at.is_null()).select((count_star(), min(outbox::created_at)));
        let (waiting, oldest): (i64, Option<NaiveDateTime>) = read!(&reader, get_result waiting)?;
        let given_up = outbox::table.filter(outbox::buried_at.is_not_null()).count();
        let given_up: i64 = read!(&reader, get_result given_up)?;
        let number = |count| u64::try_from(count).map_err(|_| RepositoryError::Inconsistent("a negative count".into()));
        Ok(Backlog {
            waiting: number(waiting)?,
            oldest: oldest.map(|oldest| oldest.and_utc()),
            given_up: number(given_up)?,
        })
    }
}

type DeadRow = (OrderRow, i32, Option<NaiveDateTime>, Option<String>);

fn readable(row: DeadRow) -> Option<DeadMail> {
    let id = row.0.id().0;
    dead_mail(row)
        .inspect_err(|error| {
            let error: &(dyn std::error::Error + 'static) = error;
            tracing::warn!(mail = %id, error, "a mail that was given up is not listed, for it cannot be read");
        })
        .ok()
}

fn dead_mail((order, attempts, buried_at, reason): DeadRow) -> RepositoryResult<DeadMail> {
    Ok(DeadMail {
        attempts: order.attempts(attempts)?,
        buried_at: order.buried(buried_at)?.and_utc(),
        reason: order.buried(reason)?,
        order: order.try_into()?,
    })
}
