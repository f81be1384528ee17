//! The audit log.

use async_trait::async_trait;
use chrono::NaiveDateTime;
use contacts_domain::{
    Timestamp,
    audit::{AuditEvent, AuditKind},
    caller::{Caller, ClientAddress, UserAgent},
    ids::{AuditId, SessionId, UserId},
    ports::{AuditLog, AuditReader, RepositoryError, RepositoryResult},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    connection::with_conn,
    database::Database,
    id::Id,
    reader::{Cost, read},
    schema::audit_log,
    unit_of_work::DieselUnitOfWork,
};

/// An event as read and as inserted.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = audit_log, treat_none_as_default_value = false)]
struct EventRow {
    id: Id,
    kind: String,
    user_id: Option<Id>,
    session_id: Option<Id>,
    address: Option<String>,
    user_agent: Option<String>,
    at: NaiveDateTime,
}

impl From<&AuditEvent> for EventRow {
    fn from(event: &AuditEvent) -> Self {
        // Everything is named, so that a new field is not forgotten here.
        let AuditEvent { id, kind, user, session, caller, at } = event;
        let agent = caller.as_ref().and_then(|caller| caller.user_agent.as_ref());
        Self {
            id: Id(id.uuid()),
            kind: kind.as_str().to_owned(),
            user_id: user.map(|id| Id(id.uuid())),
            session_id: session.map(|id| Id(id.uuid())),
            address: caller.as_ref().map(|caller| caller.address.to_string()),
            user_agent: agent.map(|agent| agent.as_str().to_owned()),
            at: at.naive_utc(),
        }
    }
}

impl TryFrom<EventRow> for AuditEvent {
    type Error = RepositoryError;

    fn try_from(row: EventRow) -> RepositoryResult<Self> {
        let EventRow { id, kind, user_id, session_id, address, user_agent, at } = row;
        let unknown = |what: &str| RepositoryError::Inconsistent(format!("audit event {}: no such {what}", id.0));
        let address = address.map(|text| ClientAddress::parse(&text).ok_or_else(|| unknown("address"))).transpose()?;
        Ok(Self {
            id: AuditId::new(id.0),
            kind: AuditKind::parse(&kind).ok_or_else(|| unknown("kind"))?,
            user: user_id.map(|id| UserId::new(id.0)),
            session: session_id.map(|id| SessionId::new(id.0)),
            caller: address.map(|address| Caller { address, user_agent: user_agent.map(UserAgent::from_stored) }),
            at: at.and_utc(),
        })
    }
}

#[async_trait]
impl AuditReader for Database {
    async fn latest(&self, user: Option<UserId>, limit: u32) -> RepositoryResult<Vec<AuditEvent>> {
        let query = audit_log::table.order_by((audit_log::at.desc(), audit_log::id.desc())).limit(limit.into());
        let reader = self.reader(Cost::Any).await?;
        // Two statements, for one that serves both would find no index for either.
        let rows: Vec<EventRow> = match user {
            Some(user) => {
                let query = query.filter(audit_log::user_id.eq(Id(user.uuid())));
                read!(&reader, load query.select(EventRow::as_select()))?
            }
            None => read!(&reader, load query.select(EventRow::as_select()))?,
        };
        rows.into_iter().map(AuditEvent::try_from).collect()
    }
}

#[async_trait]
impl AuditLog for DieselUnitOfWork {
    async fn record(&mut self, event: &AuditEvent) -> RepositoryResult<()> {
        let row = EventRow::from(event);
        with_conn!(&mut self.connection, |c| diesel::insert_into(audit_log::table).values(row).execute(c))?;
        Ok(())
    }

    async fn purge(&mut self, happened_before: Timestamp) -> RepositoryResult<u64> {
        let old = audit_log::table.filter(audit_log::at.lt(happened_before.naive_utc()));
        let rows = with_conn!(&mut self.connection, |c| diesel::delete(old).execute(c))?;
        Ok(rows as u64)
    }
}
