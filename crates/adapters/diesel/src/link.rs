//! Mailed links.
//!
//! The user's row is locked before their links, here as everywhere: who uses a link and then locks its user
//! should look the link up and lock the user first, or PostgreSQL may find a deadlock.

use async_trait::async_trait;
use chrono::{NaiveDateTime, TimeDelta};
use contacts_domain::{
    Timestamp,
    email_address::EmailAddress,
    ids::{MailId, UserId},
    link::{Link, LinkHash, LinkHistory, LinkPurpose},
    ports::{LinkRepository, RepositoryError, RepositoryResult},
};
use diesel::{dsl::count, prelude::*};
use diesel_async::RunQueryDsl;

use crate::{connection::with_conn, id::Id, schema::links, unit_of_work::DieselUnitOfWork};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = links, treat_none_as_default_value = false)]
struct LinkRow {
    id: Id,
    user_id: Id,
    purpose: String,
    address: String,
    hash: Vec<u8>,
    created_at: NaiveDateTime,
    expires_at: Option<NaiveDateTime>,
    closed_at: Option<NaiveDateTime>,
}

impl From<&Link> for LinkRow {
    fn from(link: &Link) -> Self {
        let Link { id, user, purpose, address, hash, created_at, expires_at, closed_at } = link;
        Self {
            id: Id(id.uuid()),
            user_id: Id(user.uuid()),
            purpose: purpose.as_str().to_owned(),
            address: address.as_str().to_owned(),
            hash: hash.0.to_vec(),
            created_at: created_at.naive_utc(),
            expires_at: expires_at.map(|time| time.naive_utc()),
            closed_at: closed_at.map(|time| time.naive_utc()),
        }
    }
}

impl TryFrom<LinkRow> for Link {
    type Error = RepositoryError;

    fn try_from(row: LinkRow) -> RepositoryResult<Self> {
        let LinkRow { id, user_id, purpose, address, hash, created_at, expires_at, closed_at } = row;
        let unreadable = |what| RepositoryError::Inconsistent(format!("link {}: {what}", id.0));
        Ok(Self {
            id: MailId::new(id.0),
            user: UserId::new(user_id.0),
            purpose: LinkPurpose::parse(&purpose).ok_or_else(|| unreadable("its purpose is unknown"))?,
            address: EmailAddress::from_stored(address),
            hash: LinkHash(hash.try_into().map_err(|_| unreadable("its hash has not 32 bytes"))?),
            created_at: created_at.and_utc(),
            expires_at: expires_at.map(|time| time.and_utc()),
            closed_at: closed_at.map(|time| time.and_utc()),
        })
    }
}

/// The links of a user for one purpose.
macro_rules! links_for {
    ($user:expr, $purpose:expr) => {
        links::table.filter(links::user_id.eq(Id($user.uuid()))).filter(links::purpose.eq($purpose.as_str()))
    };
}

#[async_trait]
impl LinkRepository for DieselUnitOfWork {
    async fn find(&mut self, id: MailId) -> RepositoryResult<Option<Link>> {
        let query = links::table.find(Id(id.uuid()));
        let row: Option<LinkRow> = with_conn!(&mut self.connection, |c| async {
            query.select(LinkRow::as_select()).first(c).await.optional()
        })?;
        row.map(Link::try_from).transpose()
    }

    async fn insert(&mut self, link: &Link) -> RepositoryResult<()> {
        // Two transactions at once would not see each other's link, and both would stay open.
        self.lock_rows_of(link.user).await?;
        self.close_all(link.user, link.purpose, link.created_at).await?;
        let row = LinkRow::from(link);
        with_conn!(&mut self.connection, |c| diesel::insert_into(links::table).values(row).execute(c))?;
        Ok(())
    }

    async fn set_expiry(&mut self, id: MailId, hash: LinkHash, expires_at: Option<Timestamp>) -> RepositoryResult<()> {
        let update = diesel::update(links::table.find(Id(id.uuid())))
            .set((links::hash.eq(hash.0.to_vec()), links::expires_at.eq(expires_at.map(|time| time.naive_utc()))));
        with_conn!(&mut self.connection, |c| update.execute(c))?;
        Ok(())
    }

    async fn consume(
        &mut self,
        id: MailId,
        purpose: LinkPurpose,
        hash: LinkHash,
        now: Timestamp,
    ) -> RepositoryResult<Option<Link>> {
        // One statement that asks and closes: of two, the second waits for the first and finds it closed.
        let usable = links::table
            .find(Id(id.uuid()))
            .filter(links::purpose.eq(purpose.as_str()))
            .filter(links::hash.eq(hash.0.to_vec()))
            .filter(links::closed_at.is_null())
            .filter(links::expires_at.gt(now.naive_utc()));
        let consume = diesel::update(usable).set(links::closed_at.eq(now.naive_utc()));
        let row: Option<LinkRow> = with_conn!(&mut self.connection, |c| async {
            consume.returning(LinkRow::as_returning()).get_result(c).await.optional()
        })?;
        row.map(Link::try_from).transpose()
    }

    async fn close_all(&mut self, user: UserId, purpose: LinkPurpose, now: Timestamp) -> RepositoryResult<()> {
        let close = diesel::update(links_for!(user, purpose).filter(links::closed_at.is_null()))
            .set(links::closed_at.eq(now.naive_utc()));
        with_conn!(&mut self.connection, |c| close.execute(c))?;
        Ok(())
    }

    async fn history(&mut self, user: UserId, purpose: LinkPurpose, now: Timestamp) -> RepositoryResult<LinkHistory> {
        let since = |ago: TimeDelta| (now - ago).naive_utc();
        let query = links_for!(user, purpose).filter(links::created_at.gt(since(TimeDelta::hours(1)))).select((
            count(links::id).aggregate_filter(links::created_at.gt(since(TimeDelta::minutes(1)))),
            count(links::id),
        ));
        let (last_minute, last_hour): (i64, i64) = with_conn!(&mut self.connection, |c| query.get_result(c))?;
        let count = |rows: i64| {
            u32::try_from(rows).map_err(|_| RepositoryError::Inconsistent("links that cannot be counted".into()))
        };
        Ok(LinkHistory { last_minute: count(last_minute)?, last_hour: count(last_hour)? })
    }

    async fn purge(&mut self, made_before: Timestamp, now: Timestamp) -> RepositoryResult<u64> {
        // One without an expiry is kept while it is open: its mail may yet be sent. There is at most one of
        // a user for a purpose, so that they do not pile up.
        let useless = links::table
            .filter(links::created_at.lt(made_before.naive_utc()))
            .filter(links::closed_at.is_not_null().or(links::expires_at.le(now.naive_utc())));
        let rows = with_conn!(&mut self.connection, |c| diesel::delete(useless).execute(c))?;
        Ok(rows as u64)
    }
}
