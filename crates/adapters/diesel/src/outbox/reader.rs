//! Reading mails, outside of a transaction.

use async_trait::async_trait;
use chrono::NaiveDateTime;
use contacts_domain::{
    Timestamp,
    mail::DeadMail,
    ports::{OutboxReader, RepositoryResult},
};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;

use super::{claimable_mails, row::OrderRow};
use crate::{connection::with_conn, database::Database, schema::outbox};

#[async_trait]
impl OutboxReader for Database {
    async fn has_due(&self, now: Timestamp) -> RepositoryResult<bool> {
        let query = diesel::select(exists(claimable_mails!(now)));
        let mut connection = self.reader().await?;
        with_conn!(&mut connection, |c| query.get_result(c))
    }

    async fn dead(&self, limit: u32) -> RepositoryResult<Vec<DeadMail>> {
        let query = outbox::table
            .filter(outbox::buried_at.is_not_null())
            .order_by((outbox::buried_at, outbox::id))
            .limit(limit.into());
        let mut connection = self.reader().await?;
        let rows: Vec<DeadRow> = with_conn!(&mut connection, |c| {
            query.select((OrderRow::as_select(), outbox::attempts, outbox::buried_at, outbox::reason)).load(c)
        })?;
        rows.into_iter().map(dead_mail).collect()
    }
}

type DeadRow = (OrderRow, i32, Option<NaiveDateTime>, Option<String>);

fn dead_mail((order, attempts, buried_at, reason): DeadRow) -> RepositoryResult<DeadMail> {
    Ok(DeadMail {
        attempts: order.attempts(attempts)?,
        buried_at: order.buried(buried_at)?.and_utc(),
        reason: order.buried(reason)?,
        order: order.try_into()?,
    })
}
