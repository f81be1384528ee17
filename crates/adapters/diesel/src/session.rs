//! Sessions. One is alive where it is neither revoked nor expired.

use async_trait::async_trait;
use chrono::NaiveDateTime;
use contacts_domain::{
    Timestamp,
    caller::{ClientAddress, UserAgent},
    ids::{SessionId, UserId},
    ports::{RepositoryError, RepositoryResult, SessionReader, SessionRepository},
    session::{CurrentUser, Session},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    connection::with_conn,
    database::Database,
    id::Id,
    reader::{Cost, read},
    schema::{sessions, users},
    unit_of_work::DieselUnitOfWork,
    user::UserRow,
};

/// A session as read and as inserted.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
struct SessionRow {
    id: Id,
    user_id: Id,
    user_agent: Option<String>,
    address: String,
    created_at: NaiveDateTime,
    last_used_at: NaiveDateTime,
    counter: i64,
    expires_at: NaiveDateTime,
    ends_at: NaiveDateTime,
    revoked_at: Option<NaiveDateTime>,
}

impl From<&Session> for SessionRow {
    fn from(session: &Session) -> Self {
        // Everything is named, so that a new field is not forgotten here.
        let Session {
            id,
            user,
            user_agent,
            address,
            created_at,
            last_used_at,
            counter,
            expires_at,
            ends_at,
            revoked_at,
        } = session;
        Self {
            id: Id(id.uuid()),
            user_id: Id(user.uuid()),
            user_agent: user_agent.as_ref().map(|agent| agent.as_str().to_owned()),
            address: address.to_string(),
            created_at: created_at.naive_utc(),
            last_used_at: last_used_at.naive_utc(),
            counter: *counter,
            expires_at: expires_at.naive_utc(),
            ends_at: ends_at.naive_utc(),
            revoked_at: revoked_at.map(|time| time.naive_utc()),
        }
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = RepositoryError;

    fn try_from(row: SessionRow) -> RepositoryResult<Self> {
        let SessionRow {
            id,
            user_id,
            user_agent,
            address,
            created_at,
            last_used_at,
            counter,
            expires_at,
            ends_at,
            revoked_at,
        } = row;
        Ok(Self {
            id: SessionId::new(id.0),
            user: UserId::new(user_id.0),
            user_agent: user_agent.map(UserAgent::from_stored),
            address: ClientAddress::parse(&address)
                .ok_or_else(|| RepositoryError::Inconsistent(format!("session {}: no such address", id.0)))?,
            created_at: created_at.and_utc(),
            last_used_at: last_used_at.and_utc(),
            counter,
            expires_at: expires_at.and_utc(),
            ends_at: ends_at.and_utc(),
            revoked_at: revoked_at.map(|time| time.and_utc()),
        })
    }
}

/// The sessions of a user that are alive. A macro, for the type of a query has no short name.
macro_rules! live_sessions {
    ($user:expr, $now:expr) => {
        sessions::table
            .filter(sessions::user_id.eq(Id($user.uuid())))
            .filter(sessions::revoked_at.is_null())
            .filter(sessions::expires_at.gt($now.naive_utc()))
    };
}

#[async_trait]
impl SessionReader for Database {
    async fn find_current(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
    ) -> RepositoryResult<Option<CurrentUser>> {
        let query = live_sessions!(user, now)
            .filter(sessions::id.eq(Id(session.uuid())))
            .inner_join(users::table.on(users::id.eq(sessions::user_id)));
        let reader = self.reader(Cost::Little).await?;
        let row: Option<UserRow> = read!(&reader, optional query.select(UserRow::as_select()))?;
        row.map(|user| Ok(CurrentUser { user: user.try_into()?, session })).transpose()
    }

    async fn list(&self, user: UserId, now: Timestamp) -> RepositoryResult<Vec<Session>> {
        let query = live_sessions!(user, now).order_by((sessions::last_used_at.desc(), sessions::id));
        let reader = self.reader(Cost::Little).await?;
        let rows: Vec<SessionRow> = read!(&reader, load query.select(SessionRow::as_select()))?;
        rows.into_iter().map(Session::try_from).collect()
    }
}

#[async_trait]
impl SessionRepository for DieselUnitOfWork {
    async fn insert(&mut self, session: &Session) -> RepositoryResult<()> {
        let row = SessionRow::from(session);
        with_conn!(&mut self.connection, |c| diesel::insert_into(sessions::table).values(row).execute(c))?;
        Ok(())
    }

    async fn lock(&mut self, user: UserId, id: SessionId) -> RepositoryResult<Option<Session>> {
        let session = sessions::table.find(Id(id.uuid())).filter(sessions::user_id.eq(Id(user.uuid())));
        // The update is the lock: both databases have it. It changes nothing.
        let lock = diesel::update(session).set(sessions::counter.eq(sessions::counter));
        let row: Option<SessionRow> = with_conn!(&mut self.connection, |c| async {
            lock.returning(SessionRow::as_returning()).get_result(c).await.optional()
        })?;
        row.map(Session::try_from).transpose()
    }

    async fn rotate(
        &mut self,
        user: UserId,
        id: SessionId,
        counter: i64,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> RepositoryResult<bool> {
        let current =
            live_sessions!(user, now).filter(sessions::id.eq(Id(id.uuid()))).filter(sessions::counter.eq(counter));
        let rotate = diesel::update(current).set((
            sessions::counter.eq(sessions::counter + 1),
            sessions::last_used_at.eq(now.naive_utc()),
            sessions::expires_at.eq(expires_at.naive_utc()),
        ));
        let rows = with_conn!(&mut self.connection, |c| rotate.execute(c))?;
        Ok(rows > 0)
    }

    async fn revoke(&mut self, user: UserId, id: SessionId, now: Timestamp) -> RepositoryResult<bool> {
        let revoke = diesel::update(live_sessions!(user, now).filter(sessions::id.eq(Id(id.uuid()))))
            .set(sessions::revoked_at.eq(now.naive_utc()));
        let rows = with_conn!(&mut self.connection, |c| revoke.execute(c))?;
        Ok(rows > 0)
    }

    async fn revoke_all(&mut self, user: UserId, except: Option<SessionId>, now: Timestamp) -> RepositoryResult<u64> {
        let others = live_sessions!(user, now).filter(sessions::id.ne_all(except.map(|id| Id(id.uuid()))));
        let revoke = diesel::update(others).set(sessions::revoked_at.eq(now.naive_utc()));
        let rows = with_conn!(&mut self.connection, |c| revoke.execute(c))?;
        Ok(rows as u64)
    }

    async fn purge(&mut self, ended_before: Timestamp) -> RepositoryResult<u64> {
        let time = ended_before.naive_utc();
        // The table is scanned: no index knows when sessions were revoked. It holds what is alive and what ended
        // within the time that ended sessions are kept.
        let ended = sessions::table.filter(sessions::revoked_at.lt(time).or(sessions::expires_at.lt(time)));
        let rows = with_conn!(&mut self.connection, |c| diesel::delete(ended).execute(c))?;
        Ok(rows as u64)
    }
}
