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
    user_change::{UserChange, change_user},
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
        change_user(&*self.store, &*self.user_cache, |work| {
            Box::pin(async move {
                // A new version of the user, so that no older copy of their session is believed.
                let user = work.users().lock(id).await?.ok_or(Error::InvalidToken)?;
                if !work.sessions().revoke(id, session, self.clock.now()).await? {
                    return Err(Error::NotFound);
                }
                work.audit().record(&self.auditor.event(kind, Some(id), Some(session), Some(&caller))).await?;
                Ok(UserChange::Commit { user: id, minimum: user.version, value: () })
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{ports::MockUserCache, user::User};
    use mockall::predicate::eq;
    use uuid::Uuid;

    use super::*;
    use crate::{
        Dependencies,
        sessions::Sessions,
        testing::{
            Ended, FakeStore, FakeUnitOfWork, a_caller, a_session, ada, broken, current_ada, dependencies,
            invalidating, locked_ada, now,
        },
    };

    fn another() -> SessionId {
        SessionId::new(Uuid::from_u128(0x2d))
    }

    /// Expects that this session is asked to end now, and says whether it did.
    fn expect_revoke(work: &mut FakeUnitOfWork, session: SessionId, alive: bool) {
        let revoke = work.sessions.expect_revoke().times(1).with(eq(ada().id), eq(session), eq(now()));
        revoke.returning(move |_, _, _| Ok(alive));
    }

    async fn execute(store: &Arc<FakeStore>, cache: Arc<MockUserCache>, session: SessionId) -> Result<()> {
        let dependencies = Dependencies { user_cache: cache, ..dependencies(store) };
        Sessions::new(&dependencies).end.execute(&current_ada(), session, a_caller()).await
    }

    /// Where nothing is invalidated.
    async fn refused(store: &Arc<FakeStore>, session: SessionId) -> Error {
        execute(store, Arc::new(MockUserCache::new()), session).await.unwrap_err()
    }

    #[tokio::test]
    async fn ones_own_session_ends_by_a_logout_and_another_one_is_ended() {
        for (session, kind) in [(a_session().id, AuditKind::LoggedOut), (another(), AuditKind::SessionEnded)] {
            let store = FakeStore::writing(|work| {
                work.expect_lock(Some(locked_ada()));
                expect_revoke(work, session, true);
                work.expect_audit(kind, Some(ada().id), Some(session));
            });
            let cache = invalidating(&store, locked_ada().version, [Ended::Committed]);
            assert!(execute(&store, cache, session).await.is_ok());
        }
    }

    #[tokio::test]
    async fn nothing_is_invalidated_or_written_when_there_is_no_such_session() {
        let store = FakeStore::writing(|work| {
            work.expect_lock(Some(locked_ada()));
            expect_revoke(work, another(), false);
        });
        assert!(matches!(refused(&store, another()).await, Error::NotFound));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_is_ended_when_the_account_is_gone() {
        let store = FakeStore::writing(|work| work.expect_lock(None::<User>));
        assert!(matches!(refused(&store, another()).await, Error::InvalidToken));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn the_session_goes_on_when_its_end_cannot_be_audited() {
        let store = FakeStore::writing(|work| {
            work.expect_lock(Some(locked_ada()));
            expect_revoke(work, another(), true);
            work.audit.expect_record().times(1).returning(|_| Err(broken()));
        });
        assert!(matches!(refused(&store, another()).await, Error::Internal(_)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn older_copies_are_not_believed_any_more_although_the_answer_to_the_commit_was_lost() {
        let store = FakeStore::writing(|work| {
            work.expect_lock(Some(locked_ada()));
            expect_revoke(work, another(), true);
            work.expect_audit(AuditKind::SessionEnded, Some(ada().id), Some(another()));
            work.commit_fails = true;
        });
        let cache = invalidating(&store, locked_ada().version, [Ended::Unknown]);
        assert!(matches!(execute(&store, cache, another()).await, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn nothing_is_invalidated_while_the_database_is_unavailable() {
        assert!(matches!(refused(&FakeStore::unreachable(), another()).await, Error::Unavailable(_)));
    }
}
