//! Requests that happen once, and their answers.
//!
//! The user's row is locked before that of a request, here as everywhere; and whoever keeps an answer does it in
//! the end, when the address book is locked and written: PostgreSQL would find a deadlock with a deletion of the
//! user otherwise.

use async_trait::async_trait;
use chrono::NaiveDateTime;
use contacts_domain::{
    Timestamp,
    idempotency::{IdempotentRequest, KEEP_ANSWER, KEEP_LONG_ANSWERS, KeptAnswer, LONG_ANSWER, Reservation, Reserved},
    ports::{IdempotencyRepository, RepositoryError, RepositoryResult},
};
use diesel::{
    dsl::sql,
    prelude::*,
    query_dsl::methods,
    sql_types::{Binary, Integer, Text, Timestamp as SqlTimestamp},
    upsert::excluded,
};
use diesel_async::RunQueryDsl;

use crate::{
    connection::with_conn,
    id::{DbUuid, Id},
    remaining_user::RemainingUser,
    schema::{idempotency_keys, users},
    unit_of_work::DieselUnitOfWork,
};

/// What was reserved for this request. A macro, for the type of a query has no short name.
macro_rules! row_of {
    ($request:expr) => {
        idempotency_keys::table.find((Id($request.user.uuid()), $request.operation.as_str(), $request.key.as_str()))
    };
}

/// The same, where it is still held with the lease of the reservation and was not answered.
macro_rules! held_row {
    ($reservation:expr) => {
        row_of!($reservation.request)
            .filter(idempotency_keys::lease.eq(Id($reservation.lease.uuid())))
            .filter(idempotency_keys::status.is_null())
    };
}

/// What is stored of an answer.
#[derive(AsChangeset, Queryable, Selectable)]
#[diesel(table_name = idempotency_keys, treat_none_as_null = true)]
struct AnswerRow {
    status: Option<i32>,
    location: Option<String>,
    entity_tag: Option<String>,
    body: Option<Vec<u8>>,
}

impl AnswerRow {
    const NONE: Self = Self { status: None, location: None, entity_tag: None, body: None };

    fn of(answer: &KeptAnswer) -> Self {
        let KeptAnswer { status, location, entity_tag, body } = answer.clone();
        Self { status: Some(status.into()), location, entity_tag, body: Some(body) }
    }

    /// The answer, where there is one.
    fn answer(self) -> RepositoryResult<Option<KeptAnswer>> {
        let Self { status, location, entity_tag, body } = self;
        let Some(status) = status else { return Ok(None) };
        let answer = u16::try_from(status).ok().zip(body);
        let (status, body) =
            answer.ok_or_else(|| RepositoryError::Inconsistent("a kept answer that is none".into()))?;
        Ok(Some(KeptAnswer { status, location, entity_tag, body }))
    }
}

#[async_trait]
impl IdempotencyRepository for DieselUnitOfWork {
    async fn reserve(&mut self, reservation: &Reservation) -> RepositoryResult<Option<Reserved>> {
        if self.take_request(reservation).await? {
            return Ok(Some(Reserved::Ours));
        }
        // The row is locked by the attempt to take it, so that it can neither change nor vanish meanwhile: where
        // there is none, there was nobody to take it for.
        let request = &reservation.request;
        let row: Option<(Vec<u8>, NaiveDateTime, AnswerRow)> = with_conn!(&mut self.connection, |c| async {
            let columns = (idempotency_keys::fingerprint, idempotency_keys::leased_until, AnswerRow::as_select());
            row_of!(request).select(columns).first(c).await.optional()
        })?;
        row.map(|(fingerprint, until, answer)| {
            if fingerprint != request.fingerprint.0 {
                return Ok(Reserved::Reused);
            }
            let in_flight = Reserved::InFlight { until: until.and_utc() };
            Ok(answer.answer()?.map_or(in_flight, Reserved::Answered))
        })
        .transpose()
    }

    async fn keep(&mut self, reservation: &Reservation, answer: &KeptAnswer) -> RepositoryResult<bool> {
        let keep = diesel::update(held_row!(reservation)).set(AnswerRow::of(answer));
        let rows = with_conn!(&mut self.connection, |c| keep.execute(c))?;
        if rows > 0 && answer.body.len() > LONG_ANSWER {
            self.forget_long_answers(&reservation.request).await?;
        }
        Ok(rows > 0)
    }

    async fn release(&mut self, reservation: &Reservation) -> RepositoryResult<()> {
        let release = diesel::delete(held_row!(reservation));
        with_conn!(&mut self.connection, |c| release.execute(c))?;
        Ok(())
    }

    async fn purge(&mut self, before: Timestamp) -> RepositoryResult<u64> {
        let purge =
            diesel::delete(idempotency_keys::table.filter(idempotency_keys::reserved_at.lt(before.naive_utc())));
        let rows = with_conn!(&mut self.connection, |c| purge.execute(c))?;
        Ok(rows as u64)
    }
}

impl DieselUnitOfWork {
    /// Forgets the long answers of a user for which there is no room beside the newer ones, of which the one to this
    /// request is the newest.
    async fn forget_long_answers(&mut self, newest: &IdempotentRequest) -> RepositoryResult<()> {
        let length = || sql::<Integer>("LENGTH(body)");
        let long = idempotency_keys::table
            .filter(idempotency_keys::user_id.eq(Id(newest.user.uuid())))
            .filter(length().gt(i32::try_from(LONG_ANSWER).unwrap_or(i32::MAX)))
            .order_by((idempotency_keys::reserved_at.desc(), idempotency_keys::operation, idempotency_keys::key))
            .select((idempotency_keys::operation, idempotency_keys::key, length()));
        let long: Vec<(String, String, i32)> = with_conn!(&mut self.connection, |c| long.load(c))?;
        let (kept, others): (Vec<_>, Vec<_>) = long
            .into_iter()
            .partition(|(operation, key, _)| *operation == newest.operation && key == newest.key.as_str());
        let mut total = 0;
        for (operation, key, length) in kept.into_iter().chain(others) {
            total += usize::try_from(length).unwrap_or_default();
            if total > KEEP_LONG_ANSWERS {
                let forget = diesel::delete(idempotency_keys::table.find((Id(newest.user.uuid()), operation, key)));
                with_conn!(&mut self.connection, |c| forget.execute(c))?;
            }
        }
        Ok(())
    }

    /// Takes a request that nobody holds and that was not answered, or so long ago that it does not count. It is
    /// one statement: of two at once the second waits for the first to be committed, and judges what that left.
    async fn take_request(&mut self, reservation: &Reservation) -> RepositoryResult<bool> {
        let Reservation { request, lease, reserved_at, leased_until } = reservation;
        let IdempotentRequest { user, operation, key, fingerprint } = request;
        let now = reserved_at.naive_utc();
        // From the user's row: where it is gone, nothing is inserted and nothing is wrong.
        let row = users::table.filter(RemainingUser(Id(user.uuid()))).select((
            users::id,
            operation.as_str().into_sql::<Text>(),
            key.as_str().into_sql::<Text>(),
            fingerprint.0.to_vec().into_sql::<Binary>(),
            Id(lease.uuid()).into_sql::<DbUuid>(),
            now.into_sql::<SqlTimestamp>(),
            leased_until.naive_utc().into_sql::<SqlTimestamp>(),
        ));
        let abandoned = idempotency_keys::status.is_null().and(idempotency_keys::leased_until.le(now));
        let forgotten = idempotency_keys::reserved_at.lt((*reserved_at - KEEP_ANSWER).naive_utc());
        let take = diesel::insert_into(idempotency_keys::table)
            .values(row)
            .into_columns((
                idempotency_keys::user_id,
                idempotency_keys::operation,
                idempotency_keys::key,
                idempotency_keys::fingerprint,
                idempotency_keys::lease,
                idempotency_keys::reserved_at,
                idempotency_keys::leased_until,
            ))
            .on_conflict((idempotency_keys::user_id, idempotency_keys::operation, idempotency_keys::key))
            .do_update()
            .set((
                idempotency_keys::fingerprint.eq(excluded(idempotency_keys::fingerprint)),
                idempotency_keys::lease.eq(excluded(idempotency_keys::lease)),
                idempotency_keys::reserved_at.eq(excluded(idempotency_keys::reserved_at)),
                idempotency_keys::leased_until.eq(excluded(idempotency_keys::leased_until)),
                AnswerRow::NONE,
            ));
        let take = methods::FilterDsl::filter(take, abandoned.or(forgotten));
        let rows = with_conn!(&mut self.connection, |c| take.execute(c))?;
        Ok(rows > 0)
    }
}
