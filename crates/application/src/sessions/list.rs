//! Seeing where one is logged in.

use std::sync::Arc;

use contacts_domain::{
    ids::UserId,
    ports::{Clock, UnitOfWorkFactory},
    session::Session,
};

use crate::Result;

/// Lists a user's sessions that are alive.
pub struct ListSessions {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
}

impl ListSessions {
    /// The one used last comes first.
    pub async fn execute(&self, user: UserId) -> Result<Vec<Session>> {
        Ok(self.store.read().sessions().list(user, self.clock.now()).await?)
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        Error,
        testing::{FakeStore, a_session, ada, clock, now, unavailable},
    };

    #[tokio::test]
    async fn the_sessions_that_are_alive_now_are_listed() {
        let store = FakeStore::reading(|reads| {
            let list = reads.sessions.expect_list().times(1).with(eq(ada().id), eq(now()));
            list.returning(|_, _| Ok(vec![a_session()]));
        });
        let sessions = ListSessions { store, clock: clock() }.execute(ada().id).await.unwrap();
        assert_eq!(sessions, [a_session()]);
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        let store = FakeStore::reading(|reads| {
            reads.sessions.expect_list().times(1).returning(|_, _| Err(unavailable()));
        });
        let result = ListSessions { store, clock: clock() }.execute(ada().id).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
