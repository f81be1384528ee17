//! Ending a session: one's own, which is a logout, or another one.

use std::sync::Arc;

use contacts_domain::{
    audit::AuditKind,
    caller::Caller,
    ids::SessionId,
    ports::{Clock, UnitOfWorkFactory, UserCache},
    session::CurrentUser,
};

use crate::{
    Error, Result,
    audit::Auditor,
    transaction::{Outcome, in_transaction},
};

/// Ends a session. Its tokens stop working at once.
pub struct EndSession {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) auditor: Auditor,
}

impl EndSession {
    /// Fails where the user has no such session that is alive.
    pub async fn execute(&self, current: &CurrentUser, session: SessionId, caller: Caller) -> Result<()> {
        let id = current.user.id;
        let kind = if session == current.session { AuditKind::LoggedOut } else { AuditKind::SessionEnded };
        let user = in_transaction(&*self.store, |work| {
            Box::pin(async move {
                // A new version of the user, so that no older copy of their session is believed.
                let user = work.users().lock(id).await?.ok_or(Error::InvalidToken)?;
                if !work.sessions().revoke(id, session, self.clock.now()).await? {
                    return Err(Error::NotFound);
                }
                work.audit().record(&self.auditor.event(kind, Some(id), Some(session), Some(&caller))).await?;
                Ok(Outcome::Commit(user))
            })
        })
        .await?;
        self.user_cache.invalidate(user.id, user.version).await;
        Ok(())
    }
}
