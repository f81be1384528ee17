//! Changes of a user, of which copies are kept: whatever may have happened is told to whoever keeps them.

use std::pin::Pin;

use contacts_domain::{
    ids::UserId,
    ports::{UnitOfWork, UnitOfWorkFactory, UserCache},
};

use crate::{
    Result,
    transaction::{Outcome, end},
};

/// What becomes of the transaction when the work in it succeeded.
pub(crate) enum UserChange<T> {
    /// From now on copies of this user below `minimum` are not to be believed: the version that the lock took, or
    /// [`GONE`](contacts_domain::ports::GONE).
    Commit { user: UserId, minimum: i64, value: T },
    /// Nothing needed to be written, so nothing is, and every copy stays as good as it was.
    Rollback(T),
}

/// The work in a transaction, as [`change_user`] awaits it.
pub(crate) type UserWork<'w, T> = Pin<Box<dyn Future<Output = Result<UserChange<T>>> + Send + 'w>>;

/// As [`in_transaction`](crate::transaction::in_transaction), and older copies of the user are not believed any
/// more once the commit was answered, be it by an error: a commit whose answer is lost may have happened, and a
/// session that ended by it must not live on in a copy. Where it did not happen, copies are missed for nothing.
///
/// Never before the commit: until then the version before is the right one.
pub(crate) async fn change_user<'a, T, F>(
    store: &dyn UnitOfWorkFactory,
    user_cache: &dyn UserCache,
    work: F,
) -> Result<T>
where
    F: for<'w> FnOnce(&'w mut (dyn UnitOfWork + 'a)) -> UserWork<'w, T>,
{
    let mut unit = store.begin().await?;
    match work(&mut *unit).await {
        Ok(UserChange::Commit { user, minimum, value }) => {
            let committed = end(unit, Ok(Outcome::Commit(value))).await;
            user_cache.invalidate(user, minimum).await;
            committed
        }
        Ok(UserChange::Rollback(value)) => end(unit, Ok(Outcome::Rollback(value))).await,
        Err(error) => end(unit, Err(error)).await,
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::ports::MockUserCache;

    use super::*;
    use crate::{
        Error,
        testing::{Ended, FakeStore, ada, invalidating},
    };

    async fn change(store: &FakeStore, cache: &MockUserCache, outcome: Result<UserChange<u8>>) -> Result<u8> {
        change_user(store, cache, |_| Box::pin(async move { outcome })).await
    }

    fn made() -> Result<UserChange<u8>> {
        Ok(UserChange::Commit { user: ada().id, minimum: 5, value: 7 })
    }

    #[tokio::test]
    async fn older_copies_are_not_believed_any_more_once_the_change_is_committed() {
        let store = FakeStore::writing(|_| {});
        let cache = invalidating(&store, 5, [Ended::Committed]);
        assert_eq!(change(&store, &cache, made()).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn older_copies_are_not_believed_any_more_although_the_answer_to_the_commit_was_lost() {
        let store = FakeStore::writing(|work| work.commit_fails = true);
        let cache = invalidating(&store, 5, [Ended::Unknown]);
        assert!(matches!(change(&store, &cache, made()).await, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn every_copy_is_believed_where_nothing_was_to_be_written() {
        let store = FakeStore::writing(|_| {});
        let value = change(&store, &MockUserCache::new(), Ok(UserChange::Rollback(7))).await.unwrap();
        assert_eq!((value, store.ended()), (7, Ended::RolledBack));
    }

    #[tokio::test]
    async fn every_copy_is_believed_where_the_change_was_refused() {
        let store = FakeStore::writing(|_| {});
        let result = change(&store, &MockUserCache::new(), Err(Error::NotFound)).await;
        assert!(matches!(result, Err(Error::NotFound)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn every_copy_is_believed_where_no_transaction_can_begin() {
        let result = change(&FakeStore::unreachable(), &MockUserCache::new(), made()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
