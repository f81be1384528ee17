//! The audit log: its entries, as the use cases write them, and how an operator looks at it.

mod list;

use std::sync::Arc;

use contacts_domain::{
    audit::{AuditEvent, AuditKind},
    caller::Caller,
    ids::{AuditId, SessionId, UserId},
    ports::{Clock, IdGenerator},
};

pub use list::ListAuditEvents;

/// Makes entries that say when and, where somebody called, from where.
#[derive(Clone)]
pub(crate) struct Auditor {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdGenerator>,
}

impl Auditor {
    pub(crate) fn event(
        &self,
        kind: AuditKind,
        user: Option<UserId>,
        session: Option<SessionId>,
        caller: Option<&Caller>,
    ) -> AuditEvent {
        AuditEvent {
            id: AuditId::new(self.ids.next()),
            kind,
            user,
            session,
            caller: caller.cloned(),
            at: self.clock.now(),
        }
    }
}
