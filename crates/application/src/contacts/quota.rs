//! The creation quota, kept under the lock of the address book.

use contacts_domain::{
    Timestamp,
    address_book::{AddressBook, Advanced, Numbers},
    creation_quota::{CreationQuota, Creations, Exceeded},
    ids::UserId,
    ports::{AddressBookRepository, Clock, RepositoryResult, UnitOfWork},
};

use super::writing::lock;
use crate::{Error, Result};

/// Locks the owner's address book and notes the creations in the ledger, or refuses all of them. The time is that
/// of the creations: taken under the lock, so that later changes have later times.
pub(super) async fn lock_to_create(
    work: &mut dyn UnitOfWork,
    owner: UserId,
    numbers: Numbers,
    quota: &CreationQuota,
    clock: &dyn Clock,
) -> Result<(Advanced, Timestamp)> {
    let locked = lock(work, owner, numbers).await?;
    let now = clock.now();
    charge(work, &locked, numbers.creations, quota, now).await?;
    Ok((locked, now))
}

/// Notes the last creations of a locked book in the ledger, or refuses all of them.
pub(super) async fn charge(
    work: &mut dyn UnitOfWork,
    locked: &Advanced,
    count: u32,
    quota: &CreationQuota,
    now: Timestamp,
) -> Result<()> {
    if count > 0 {
        let creations = Creations { last: locked.creations, count, at: now };
        let books = work.address_books();
        let judged = judge(books, &locked.book, quota, &creations).await?;
        judged.map_err(|exceeded| Error::QuotaExceeded { exceeded, now })?;
        books.record_creations(&locked.book, &creations).await?;
    }
    Ok(())
}

/// Judges creations by the ledger of the locked book.
pub(super) async fn judge(
    books: &mut dyn AddressBookRepository,
    book: &AddressBook,
    quota: &CreationQuota,
    creations: &Creations,
) -> RepositoryResult<std::result::Result<(), Exceeded>> {
    let deciding = match quota.deciding(creations) {
        Some(number) => books.find_creations(book, number).await?,
        None => None,
    };
    Ok(quota.judge(creations, deciding.as_ref()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use contacts_domain::creation_quota::Exceeded;
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{a_book, ada, clock, locked, now, transaction};

    const QUOTA: CreationQuota = CreationQuota::new(3, Duration::from_hours(1));

    /// For changes of which so many are creations.
    fn numbers(creations: u32) -> Numbers {
        Numbers { changes: 5, creations }
    }

    #[tokio::test]
    async fn creations_at_once_are_one_line_of_the_ledger() {
        let line = Creations { last: 3, count: 3, at: now() };
        let mut work = transaction(|work| {
            work.expect_numbers(numbers(3), locked(3));
            let record = work.address_books.expect_record_creations().times(1).with(eq(a_book()), eq(line));
            record.returning(|_, _| Ok(()));
        });
        let given = lock_to_create(&mut work, ada().id, numbers(3), &QUOTA, &*clock()).await.unwrap();
        assert_eq!(given, (locked(3), now()));
    }

    #[tokio::test]
    async fn without_creations_the_ledger_is_not_asked() {
        let mut work = transaction(|work| work.expect_numbers(numbers(0), locked(9)));
        let given = lock_to_create(&mut work, ada().id, numbers(0), &QUOTA, &*clock()).await.unwrap();
        assert_eq!(given, (locked(9), now()));
    }

    #[tokio::test]
    async fn more_at_once_than_the_quota_allows_are_never_possible() {
        let mut work = transaction(|work| {
            work.expect_numbers(numbers(4), locked(4));
            work.address_books.expect_find_creations().times(1).returning(|_, _| Ok(None));
        });
        let refused = lock_to_create(&mut work, ada().id, numbers(4), &QUOTA, &*clock()).await;
        let Err(Error::QuotaExceeded { exceeded, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(exceeded, Exceeded::TooManyAtOnce { limit: 3 });
    }
}
