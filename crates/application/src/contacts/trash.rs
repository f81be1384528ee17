//! Listing what was deleted.

use std::sync::Arc;

use contacts_domain::{
    cursor,
    ids::UserId,
    page::{Page, Slice},
    ports::UnitOfWorkFactory,
    trash::{TrashListRequest, TrashedContact},
};

use crate::Result;

/// Lists the contacts in a user's trash.
pub struct ListTrash {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl ListTrash {
    /// One page, what was deleted last first.
    pub async fn execute(&self, owner: UserId, request: TrashListRequest) -> Result<Page<TrashedContact>> {
        let (query, scope) = request.validate(owner)?;
        let Slice { items, next } = self.store.read().contacts().trash(owner, &query).await?;
        Ok(Page { items, next_cursor: next.map(|position| cursor::encode(scope, &position)) })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use contacts_domain::validation::ViolationCode;
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        Error,
        testing::{FakeStore, a_contact, ada, fault, faults, now, unavailable},
    };

    fn trashed() -> TrashedContact {
        TrashedContact { contact: a_contact(), deleted_at: now() - TimeDelta::hours(1) }
    }

    fn from(cursor: Option<String>) -> TrashListRequest {
        TrashListRequest { cursor, ..TrashListRequest::default() }
    }

    #[tokio::test]
    async fn the_cursor_of_a_page_leads_to_the_next_one() {
        let store = FakeStore::reading(|reads| {
            let (first, _) = from(None).validate(ada().id).unwrap();
            let page = reads.contacts.expect_trash().times(1).with(eq(ada().id), eq(first));
            page.returning(|_, _| Ok(Slice { items: vec![trashed()], next: Some(trashed().position()) }));
            let next = reads.contacts.expect_trash().times(1);
            let next = next.withf(|owner, query| *owner == ada().id && query.after == Some(trashed().position()));
            next.returning(|_, _| Ok(Slice { items: vec![], next: None }));
        });
        let trash = ListTrash { store };
        let first = trash.execute(ada().id, from(None)).await.unwrap();
        assert_eq!(first.items, [trashed()]);
        assert!(first.next_cursor.is_some());
        let second = trash.execute(ada().id, from(first.next_cursor)).await.unwrap();
        assert_eq!(second, Page { items: vec![], next_cursor: None });
    }

    #[tokio::test]
    async fn the_database_is_not_asked_when_the_request_is_not_valid() {
        let request = TrashListRequest { limit: Some("0".into()), ..from(Some("x".into())) };
        let result = ListTrash { store: FakeStore::untouched() }.execute(ada().id, request).await;
        let expected = [fault("limit", ViolationCode::OutOfRange), fault("cursor", ViolationCode::InvalidCursor)];
        assert_eq!(faults(result), expected);
    }

    #[tokio::test]
    async fn the_trash_is_not_empty_because_the_database_is_unavailable() {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_trash().times(1).returning(|_, _| Err(unavailable()));
        });
        let result = ListTrash { store }.execute(ada().id, from(None)).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
