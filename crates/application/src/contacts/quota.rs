//! The creation quota, kept under the lock of the address book.

use contacts_domain::{
    Timestamp,
    address_book::ChangeStamp,
    creation_quota::{CreationQuota, Creations},
    ids::UserId,
    ports::{Clock, UnitOfWork},
};

use crate::{Error, Result};

/// Locks the owner's address book for `count` creations and notes them in the ledger, or refuses them. The
/// time is that of the creations: taken under the lock, so that later changes have later times.
pub(super) async fn lock_to_create(
    work: &mut dyn UnitOfWork,
    owner: UserId,
    count: u32,
    quota: &CreationQuota,
    clock: &dyn Clock,
) -> Result<(ChangeStamp, Timestamp)> {
    let books = work.address_books();
    let (stamp, last) = books.advance_creating(owner, count).await?.ok_or(Error::InvalidToken)?;
    let now = clock.now();
    let creations = Creations { last, count, at: now };
    let deciding = match quota.deciding(&creations) {
        Some(number) => books.find_creations(&stamp.book, number).await?,
        None => None,
    };
    quota.judge(&creations, deciding.as_ref()).map_err(|exceeded| Error::QuotaExceeded { exceeded, now })?;
    books.record_creations(&stamp.book, &creations).await?;
    Ok((stamp, now))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use contacts_domain::creation_quota::Exceeded;
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{ada, clock, now, stamp, transaction};

    const QUOTA: CreationQuota = CreationQuota::new(3, Duration::from_hours(1));

    #[tokio::test]
    async fn creations_at_once_are_one_line_of_the_ledger() {
        let line = Creations { last: 3, count: 3, at: now() };
        let mut work = transaction(|work| {
            let advance = work.address_books.expect_advance_creating().times(1).with(eq(ada().id), eq(3));
            advance.returning(|_, _| Ok(Some((stamp(), 3))));
            let record = work.address_books.expect_record_creations().times(1).with(eq(stamp().book), eq(line));
            record.returning(|_, _| Ok(()));
        });
        let locked = lock_to_create(&mut work, ada().id, 3, &QUOTA, &*clock()).await.unwrap();
        assert_eq!(locked, (stamp(), now()));
    }

    #[tokio::test]
    async fn more_at_once_than_the_quota_allows_are_never_possible() {
        let mut work = transaction(|work| {
            let advance = work.address_books.expect_advance_creating().times(1).with(eq(ada().id), eq(4));
            advance.returning(|_, _| Ok(Some((stamp(), 4))));
            work.address_books.expect_find_creations().times(1).returning(|_, _| Ok(None));
        });
        let refused = lock_to_create(&mut work, ada().id, 4, &QUOTA, &*clock()).await;
        let Err(Error::QuotaExceeded { exceeded, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(exceeded, Exceeded::TooManyAtOnce { limit: 3 });
    }
}
