//! Looking at the audit log: for an operator.

use std::sync::Arc;

use contacts_domain::{audit::AuditEvent, email_address::account_key, ids::UserId, ports::UnitOfWorkFactory};

use crate::{Error, Result};

/// Shows what happened to accounts.
pub struct ListAuditEvents {
    store: Arc<dyn UnitOfWorkFactory>,
}

impl ListAuditEvents {
    /// For a command that needs nothing else.
    pub fn new(store: Arc<dyn UnitOfWorkFactory>) -> Self {
        Self { store }
    }

    /// The newest first, at most `limit`: of all, or of one user, who is named by the address of their account or
    /// by their id. An id may be one of a former account, which the log outlives; an address that nobody has is
    /// not found.
    pub async fn execute(&self, user: Option<&str>, limit: u32) -> Result<Vec<AuditEvent>> {
        let user = match user {
            Some(user) => Some(self.find(user).await?),
            None => None,
        };
        Ok(self.store.read().audit().latest(user, limit).await?)
    }

    async fn find(&self, user: &str) -> Result<UserId> {
        match UserId::parse(user) {
            Some(id) => Ok(id),
            None => {
                let found = self.store.read().users().find_by_key(&account_key(user)).await?;
                Ok(found.ok_or(Error::NotFound)?.id)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{audit::AuditKind, ids::AuditId, user::User};
    use mockall::predicate::eq;
    use uuid::Uuid;

    use super::*;
    use crate::testing::{FakeReads, FakeStore, ada, now, unavailable};

    fn event() -> AuditEvent {
        let id = AuditId::new(Uuid::from_u128(0xa));
        AuditEvent { id, kind: AuditKind::LoggedIn, user: Some(ada().id), session: None, caller: None, at: now() }
    }

    fn expect_latest(reads: &mut FakeReads, user: Option<UserId>) {
        reads.audit.expect_latest().times(1).with(eq(user), eq(20)).returning(|_, _| Ok(vec![event()]));
    }

    fn expect_find(reads: &mut FakeReads, found: Option<User>) {
        reads.users.expect_find_by_key().times(1).with(eq("ada@example.com")).return_once(|_| Ok(found));
    }

    #[tokio::test]
    async fn the_latest_events_of_all_are_listed() {
        let store = FakeStore::reading(|reads| expect_latest(reads, None));
        assert_eq!(ListAuditEvents::new(store).execute(None, 20).await.unwrap(), [event()]);
    }

    #[tokio::test]
    async fn a_user_is_found_by_their_address_in_any_case() {
        let store = FakeStore::reading(|reads| {
            expect_find(reads, Some(ada()));
            expect_latest(reads, Some(ada().id));
        });
        assert_eq!(ListAuditEvents::new(store).execute(Some("Ada@Example.COM"), 20).await.unwrap(), [event()]);
    }

    #[tokio::test]
    async fn an_id_is_taken_as_it_is_for_its_account_may_be_gone() {
        let store = FakeStore::reading(|reads| expect_latest(reads, Some(ada().id)));
        let id = ada().id.to_string();
        assert_eq!(ListAuditEvents::new(store).execute(Some(&id), 20).await.unwrap(), [event()]);
    }

    #[tokio::test]
    async fn an_address_that_nobody_has_is_not_found() {
        let store = FakeStore::reading(|reads| expect_find(reads, None));
        let result = ListAuditEvents::new(store).execute(Some("ada@example.com"), 20).await;
        assert!(matches!(result, Err(Error::NotFound)));
    }

    #[tokio::test]
    async fn nothing_is_listed_while_the_database_is_unavailable() {
        let store = FakeStore::reading(|reads| {
            reads.audit.expect_latest().times(1).returning(|_, _| Err(unavailable()));
        });
        assert!(matches!(ListAuditEvents::new(store).execute(None, 20).await, Err(Error::Unavailable(_))));
    }
}
