//! Following what changes in an address book.

use std::sync::Arc;

use contacts_domain::{
    change_feed::{Change, Changes, ChangesRequest, SyncToken},
    ids::UserId,
    ports::UnitOfWorkFactory,
};

use crate::{Error, Result};

/// A page of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesPage {
    /// Each contact at most once, in the order of their latest changes.
    pub items: Vec<Change>,
    /// Asks for what comes behind this page.
    pub next: SyncToken,
    /// Whether something comes behind it already.
    pub more: bool,
}

/// Tells what changed in a user's address book.
pub struct FollowChanges {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl FollowChanges {
    /// The next changes in their order, or everything where the client has no token yet.
    pub async fn execute(&self, owner: UserId, request: ChangesRequest) -> Result<ChangesPage> {
        let (since, limit) = request.validate()?;
        let changes = self.store.read().contacts().changes(owner, since.map(|token| token.seq), limit).await?;
        // Every account has a book.
        let Changes { items, more, history } = changes.ok_or(Error::InvalidToken)?;
        if since.is_some_and(|token| !history.knows(token)) {
            return Err(Error::SyncTokenExpired);
        }
        let begun = SyncToken { epoch: history.epoch, seq: 0, forgotten: history.forgotten };
        let since = since.unwrap_or(begun);
        let next = items.last().map_or(since, |last| SyncToken { seq: last.seq, ..since });
        Ok(ChangesPage { items, next, more })
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        change_feed::{ChangesLimit, History},
        ids::Epoch,
        validation::ViolationCode,
    };
    use mockall::predicate::eq;
    use uuid::Uuid;

    use super::*;
    use crate::testing::{FakeStore, a_contact, ada, fault, faults, unavailable};

    fn epoch() -> Epoch {
        Epoch::new(Uuid::from_u128(0xe))
    }

    /// Of the sample history, in which the deletions up to the fourth change are forgotten.
    fn token(seq: i64, forgotten: i64) -> SyncToken {
        SyncToken { epoch: epoch(), seq, forgotten }
    }

    fn deletion(seq: i64) -> Change {
        Change { id: a_contact().id, seq, contact: None }
    }

    fn changes(items: Vec<Change>, more: bool) -> Changes {
        Changes { items, more, history: History { epoch: epoch(), newest: 9, forgotten: 4 } }
    }

    fn since(token: Option<SyncToken>) -> ChangesRequest {
        ChangesRequest { since: token.map(SyncToken::encode), ..ChangesRequest::default() }
    }

    /// Asks once since this token, where there is one, and is given this.
    async fn follow(known: Option<SyncToken>, found: Option<Changes>) -> Result<ChangesPage> {
        let store = FakeStore::reading(|reads| {
            let expected = (eq(ada().id), eq(known.map(|token| token.seq)), eq(ChangesLimit::default()));
            let read = reads.contacts.expect_changes().times(1).with(expected.0, expected.1, expected.2);
            read.return_once(|_, _, _| Ok(found));
        });
        FollowChanges { store }.execute(ada().id, since(known)).await
    }

    #[tokio::test]
    async fn the_next_token_is_of_the_last_change_delivered_and_not_of_the_newest() {
        let items = vec![deletion(6), deletion(7)];
        let page = follow(Some(token(5, 0)), Some(changes(items.clone(), true))).await.unwrap();
        assert_eq!(page, ChangesPage { items, next: token(7, 0), more: true });
    }

    #[tokio::test]
    async fn a_client_that_is_told_nothing_keeps_its_token() {
        let page = follow(Some(token(5, 0)), Some(changes(vec![], false))).await.unwrap();
        assert_eq!(page, ChangesPage { items: vec![], next: token(5, 0), more: false });
    }

    #[tokio::test]
    async fn an_empty_address_book_begins_at_nought() {
        let page = follow(None, Some(changes(vec![], false))).await.unwrap();
        assert_eq!((page.next, page.more), (token(0, 4), false));
    }

    #[tokio::test]
    async fn who_begins_now_goes_on_from_changes_that_are_older_than_what_is_forgotten() {
        let first = Change { contact: Some(a_contact()), ..deletion(2) };
        let page = follow(None, Some(changes(vec![first], true))).await.unwrap();
        assert_eq!(page.next, token(2, 4));
        let page = follow(Some(page.next), Some(changes(vec![deletion(3)], false))).await.unwrap();
        assert_eq!(page.next, token(3, 4));
    }

    #[tokio::test]
    async fn a_token_that_the_history_does_not_know_is_expired() {
        let elsewhere = SyncToken { epoch: Epoch::new(Uuid::from_u128(0xf)), ..token(5, 0) };
        for unknown in [elsewhere, token(3, 3), token(10, 0)] {
            let result = follow(Some(unknown), Some(changes(vec![], false))).await;
            assert!(matches!(result, Err(Error::SyncTokenExpired)), "{unknown:?}");
        }
    }

    #[tokio::test]
    async fn without_an_address_book_the_account_is_gone() {
        assert!(matches!(follow(None, None).await, Err(Error::InvalidToken)));
    }

    #[tokio::test]
    async fn the_database_is_not_asked_when_the_request_is_not_valid() {
        let request = ChangesRequest { since: Some("x".into()), limit: Some("0".into()), ..ChangesRequest::default() };
        let result = FollowChanges { store: FakeStore::untouched() }.execute(ada().id, request).await;
        let expected = [fault("since", ViolationCode::InvalidSyncToken), fault("limit", ViolationCode::OutOfRange)];
        assert_eq!(faults(result), expected);
    }

    #[tokio::test]
    async fn nothing_has_changed_only_where_the_database_says_so() {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_changes().times(1).returning(|_, _, _| Err(unavailable()));
        });
        let result = FollowChanges { store }.execute(ada().id, since(None)).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
