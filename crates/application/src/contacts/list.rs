//! Listing and searching contacts.

use std::sync::Arc;

use contacts_domain::{
    contact::Contact,
    contact_query::ContactListRequest,
    cursor,
    ids::UserId,
    page::{Page, Slice},
    ports::UnitOfWorkFactory,
};

use crate::Result;

/// A page of a user's contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactPage {
    pub page: Page<Contact>,
    /// How many contacts match on all pages together, where that was asked for.
    pub total: Option<u64>,
}

/// Lists the contacts of a user that match a search.
pub struct ListContacts {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl ListContacts {
    /// One page, and with `count` the number of all matches, which costs another statement.
    pub async fn execute(&self, owner: UserId, request: ContactListRequest, count: bool) -> Result<ContactPage> {
        let (query, scope) = request.validate(owner)?;
        let contacts = self.store.read().contacts();
        let Slice { items, next } = contacts.list(owner, &query).await?;
        let total = if count { Some(contacts.count(owner, &query.filter).await?) } else { None };
        let next_cursor = next.map(|position| cursor::encode(scope, &position));
        Ok(ContactPage { page: Page { items, next_cursor }, total })
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        cursor::{KeyValue, Position},
        validation::ViolationCode,
    };
    use mockall::predicate::{always, eq};

    use super::*;
    use crate::{
        Error,
        testing::{Ended, FakeStore, a_contact, ada, fault, faults, unavailable},
    };

    fn search(q: &str, cursor: Option<String>) -> ContactListRequest {
        ContactListRequest { q: Some(q.into()), cursor, ..ContactListRequest::default() }
    }

    /// Where a page ends whose last item is the sample contact.
    fn position() -> Position {
        let keys = vec![KeyValue::Integer(0), KeyValue::Text("hopper".into()), KeyValue::Text("grace".into())];
        Position { keys, id: a_contact().id }
    }

    fn slice(next: Option<Position>) -> Slice<Contact> {
        Slice { items: vec![a_contact()], next }
    }

    #[tokio::test]
    async fn the_owners_contacts_are_listed_without_a_transaction_or_a_count() {
        let store = FakeStore::reading(|reads| {
            let (query, _) = search("Grace", None).validate(ada().id).unwrap();
            reads.contacts.expect_list().times(1).with(eq(ada().id), eq(query)).returning(|_, _| Ok(slice(None)));
            reads.contacts.expect_count().never();
        });
        let list = ListContacts { store: store.clone() };
        let listed = list.execute(ada().id, search("Grace", None), false).await.unwrap();
        let page = Page { items: vec![a_contact()], next_cursor: None };
        assert_eq!(listed, ContactPage { page, total: None });
        assert_eq!(store.ended(), Ended::NeverBegun);
    }

    #[tokio::test]
    async fn the_cursor_of_a_page_leads_to_the_next_one_of_the_same_search_alone() {
        let store = FakeStore::reading(|reads| {
            reads
                .contacts
                .expect_list()
                .times(1)
                .withf(|_, query| query.after.is_none())
                .returning(|_, _| Ok(slice(Some(position()))));
            let resumed = reads.contacts.expect_list().times(1).withf(|_, query| query.after == Some(position()));
            resumed.returning(|_, _| Ok(slice(None)));
        });
        let list = ListContacts { store };
        let first = list.execute(ada().id, search("Grace", None), false).await.unwrap();
        let cursor = first.page.next_cursor;
        assert!(cursor.is_some());

        let second = list.execute(ada().id, search("Grace", cursor.clone()), false).await.unwrap();
        assert_eq!(second.page.next_cursor, None);
        let other = list.execute(ada().id, search("Ada", cursor), false).await;
        assert_eq!(faults(other), [fault("cursor", ViolationCode::InvalidCursor)]);
    }

    #[tokio::test]
    async fn all_matches_are_counted_on_request_whatever_the_page() {
        let store = FakeStore::reading(|reads| {
            let (query, _) = search("Grace", None).validate(ada().id).unwrap();
            reads
                .contacts
                .expect_list()
                .times(1)
                .with(eq(ada().id), always())
                .returning(|_, _| Ok(slice(Some(position()))));
            reads.contacts.expect_count().times(1).with(eq(ada().id), eq(query.filter)).returning(|_, _| Ok(1234));
        });
        let listed = ListContacts { store }.execute(ada().id, search("Grace", None), true).await.unwrap();
        assert_eq!(listed.total, Some(1234));
    }

    #[tokio::test]
    async fn the_database_is_not_asked_when_the_request_is_not_valid() {
        let request = ContactListRequest {
            sort: Some("shoe_size".into()),
            limit: Some("0".into()),
            ..ContactListRequest::default()
        };
        let result = ListContacts { store: FakeStore::untouched() }.execute(ada().id, request, true).await;
        let expected = [fault("sort", ViolationCode::InvalidSort), fault("limit", ViolationCode::OutOfRange)];
        assert_eq!(faults(result), expected);
    }

    #[tokio::test]
    async fn nothing_is_counted_when_the_list_cannot_be_read() {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_list().times(1).returning(|_, _| Err(unavailable()));
            reads.contacts.expect_count().never();
        });
        let result = ListContacts { store }.execute(ada().id, ContactListRequest::default(), true).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn a_page_is_not_told_without_the_total_that_was_asked_for() {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_list().times(1).returning(|_, _| Ok(slice(None)));
            reads.contacts.expect_count().times(1).returning(|_, _| Err(unavailable()));
        });
        let result = ListContacts { store }.execute(ada().id, ContactListRequest::default(), true).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
