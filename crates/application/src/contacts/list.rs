//! Listing and searching contacts.

use std::sync::Arc;

use contacts_domain::{
    contact::Contact,
    contact_query::{ContactFilter, ContactListRequest},
    cursor,
    ids::UserId,
    page::{Page, Slice},
    ports::UnitOfWorkFactory,
    search::{MatchedField, matched_fields},
};

use crate::Result;

/// A contact of a list, and where the words of the search were found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedContact {
    /// As it is stored, whatever was searched for.
    pub contact: Contact,
    /// `None` where no words were searched for.
    pub matched_fields: Option<Vec<MatchedField>>,
}

/// A page of a user's contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactPage {
    /// At most as many as the request's limit.
    pub page: Page<ListedContact>,
    /// How many contacts match on all pages together, where that was asked for.
    pub total: Option<u64>,
}

/// Lists the contacts of a user that match a search.
pub struct ListContacts {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl ListContacts {
    /// One page, and with `count` the number of all matches, which costs another statement; so does a search that
    /// finds nothing, for then words are sought that are near.
    pub async fn execute(&self, owner: UserId, request: ContactListRequest, count: bool) -> Result<ContactPage> {
        let (mut query, mut scope) = request.validate(owner)?;
        let contacts = self.store.read().contacts();
        let Slice { mut items, mut next } = contacts.list(owner, &query).await?;
        if items.is_empty()
            && let Some(nearly) = query.nearly(&scope)
        {
            (query, scope) = nearly;
            Slice { items, next } = contacts.list(owner, &query).await?;
        }
        let total = if count { Some(contacts.count(owner, &query.filter).await?) } else { None };
        let next_cursor = next.map(|position| cursor::encode(scope, &position));
        let ContactFilter { words, closeness, .. } = &query.filter;
        let listed = |contact: Contact| {
            let matched_fields = (!words.is_empty()).then(|| matched_fields(&contact.details, words, *closeness));
            ListedContact { contact, matched_fields }
        };
        let items = items.into_iter().map(listed).collect();
        Ok(ContactPage { page: Page { items, next_cursor }, total })
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        contact_query::ContactQuery,
        cursor::{KeyValue, Position},
        search::Closeness,
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
        let found = ListedContact {
            contact: a_contact(),
            matched_fields: Some(vec![MatchedField::FirstName, MatchedField::Email]),
        };
        let page = Page { items: vec![found], next_cursor: None };
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

    fn is_near(query: &ContactQuery) -> bool {
        query.filter.closeness == Closeness::Near
    }

    #[tokio::test]
    async fn words_that_are_near_are_sought_where_nothing_is_found_and_counted_and_paged_like_others() {
        let store = FakeStore::reading(|reads| {
            let exact = reads.contacts.expect_list().times(1).withf(|_, query| !is_near(query));
            exact.returning(|_, _| Ok(Slice { items: vec![], next: None }));
            let near = reads.contacts.expect_list().times(1).withf(|_, query| is_near(query) && query.after.is_none());
            near.returning(|_, _| Ok(slice(Some(position()))));
            let resumed =
                reads.contacts.expect_list().times(1).withf(|_, query| is_near(query) && query.after.is_some());
            resumed.returning(|_, _| Ok(slice(None)));
            let count = reads.contacts.expect_count().times(1).withf(|_, filter| filter.closeness == Closeness::Near);
            count.returning(|_, _| Ok(7));
        });
        let list = ListContacts { store };
        let first = list.execute(ada().id, search("Garce", None), true).await.unwrap();
        assert_eq!(first.total, Some(7));
        assert_eq!(first.page.items[0].matched_fields, Some(vec![MatchedField::FirstName, MatchedField::Email]));

        let second = list.execute(ada().id, search("Garce", first.page.next_cursor), false).await.unwrap();
        assert_eq!(second.page.items.len(), 1);
    }

    #[tokio::test]
    async fn nothing_near_is_sought_where_a_list_or_the_rest_of_a_search_is_empty() {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_list().times(2).returning(|_, _| Ok(Slice { items: vec![], next: None }));
        });
        let list = ListContacts { store };
        let all = list.execute(ada().id, ContactListRequest::default(), false).await.unwrap();
        assert_eq!(all.page.items, []);
        let (_, scope) = search("Garce", None).validate(ada().id).unwrap();
        let cursor = cursor::encode(scope, &position());
        let rest = list.execute(ada().id, search("Garce", Some(cursor)), false).await.unwrap();
        assert_eq!(rest.page.items, []);
    }

    #[tokio::test]
    async fn only_what_was_searched_for_is_said_to_match() {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_list().times(1).returning(|_, _| Ok(slice(None)));
        });
        let request = ContactListRequest { first_name: Some("Grace".into()), ..ContactListRequest::default() };
        let listed = ListContacts { store }.execute(ada().id, request, false).await.unwrap();
        assert_eq!(listed.page.items, [ListedContact { contact: a_contact(), matched_fields: None }]);
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
