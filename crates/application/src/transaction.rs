//! Transactions: begun, and always ended.

use std::pin::Pin;

use contacts_domain::ports::{UnitOfWork, UnitOfWorkFactory};

use crate::{Error, Result};

/// What becomes of the transaction when the work in it succeeded.
pub(crate) enum Outcome<T> {
    Commit(T),
    /// Nothing needed to be written, so nothing is: not even what was taken to find that out.
    Rollback(T),
}

/// The work in a transaction, as [`in_transaction`] awaits it.
pub(crate) type Work<'w, T> = Pin<Box<dyn Future<Output = Result<Outcome<T>>> + Send + 'w>>;

/// Runs `work` in a transaction: `|work| Box::pin(async move { ... })`.
///
/// Every error rolls back, explicitly: a dropped transaction may cost a connection. What the work found, a refusal too,
/// is told only once that succeeds: it may be what somebody else has yet to commit.
///
/// The work may borrow from around it, for `'a`.
pub(crate) async fn in_transaction<'a, T, F>(store: &dyn UnitOfWorkFactory, work: F) -> Result<T>
where
    F: for<'w> FnOnce(&'w mut (dyn UnitOfWork + 'a)) -> Work<'w, T>,
{
    let mut unit = store.begin().await?;
    let outcome = work(&mut *unit).await;
    end(unit, outcome).await
}

/// Ends a transaction as the work in it demands.
pub(crate) async fn end<T>(unit: Box<dyn UnitOfWork>, outcome: Result<Outcome<T>>) -> Result<T> {
    match outcome {
        Ok(Outcome::Commit(value)) => {
            unit.commit().await?;
            Ok(value)
        }
        Ok(Outcome::Rollback(value)) => {
            unit.rollback().await?;
            Ok(value)
        }
        // A failure is one whatever follows, and what follows is often its consequence.
        Err(failure @ (Error::Unavailable(_) | Error::Internal(_))) => {
            if let Err(error) = unit.rollback().await {
                let error: &(dyn std::error::Error + 'static) = &error;
                tracing::warn!(error, "a transaction could not be rolled back");
            }
            Err(failure)
        }
        Err(refusal) => {
            unit.rollback().await?;
            Err(refusal)
        }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::ports::RepositoryError;

    use super::*;
    use crate::testing::{Ended, FakeStore, ada};

    #[tokio::test]
    async fn work_that_succeeds_is_committed() {
        let store = FakeStore::writing(|_| {});
        let borrowed = String::from("value");
        let text = &borrowed;
        let result = in_transaction(&*store, |_| Box::pin(async move { Ok(Outcome::Commit(text.as_str())) })).await;
        assert_eq!(result.unwrap(), "value");
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn work_with_nothing_to_write_is_rolled_back_and_succeeds() {
        let store = FakeStore::writing(|_| {});
        let result = in_transaction(&*store, |_| Box::pin(async { Ok(Outcome::Rollback(7)) })).await;
        assert_eq!(result.unwrap(), 7);
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn nothing_that_was_found_is_told_when_the_work_cannot_be_rolled_back() {
        let store = FakeStore::writing(|work| work.rollback_fails = true);
        let result = in_transaction(&*store, |_| Box::pin(async { Ok(Outcome::Rollback(7)) })).await;
        assert!(matches!(result, Err(Error::Unavailable(_))), "{result:?}");
        assert_eq!(store.ended(), Ended::Unknown);
    }

    #[tokio::test]
    async fn work_that_is_refused_is_rolled_back() {
        let store = FakeStore::writing(|_| {});
        let result = in_transaction(&*store, |_| Box::pin(async { Err::<Outcome<()>, _>(Error::NotFound) })).await;
        assert!(matches!(result, Err(Error::NotFound)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_refusal_is_told_when_the_work_cannot_be_rolled_back() {
        let store = FakeStore::writing(|work| work.rollback_fails = true);
        let result = in_transaction(&*store, |_| Box::pin(async { Err::<Outcome<()>, _>(Error::NotFound) })).await;
        assert!(matches!(result, Err(Error::Unavailable(_))), "{result:?}");
        assert_eq!(store.ended(), Ended::Unknown);
    }

    #[tokio::test]
    async fn a_failure_wins_over_that_of_the_rollback() {
        let store = FakeStore::writing(|work| {
            work.users.expect_lock().times(1).returning(|_| Err(RepositoryError::Backend("a fault of ours".into())));
            work.rollback_fails = true;
        });
        let id = ada().id;
        let result = in_transaction(&*store, |work| {
            Box::pin(async move {
                work.users().lock(id).await?;
                Ok(Outcome::Commit(()))
            })
        });
        assert!(matches!(result.await, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::Unknown);
    }

    #[tokio::test]
    async fn a_commit_that_fails_is_an_error() {
        let store = FakeStore::writing(|work| work.commit_fails = true);
        let result = in_transaction(&*store, |_| Box::pin(async { Ok(Outcome::Commit(())) })).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
        assert_eq!(store.ended(), Ended::Unknown);
    }

    #[tokio::test]
    async fn nothing_is_done_when_no_transaction_can_begin() {
        let store = FakeStore::unreachable();
        let result: Result<()> = in_transaction(&*store, |_| unreachable!("there is nothing to work in")).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
        assert_eq!(store.ended(), Ended::NeverBegun);
    }
}
