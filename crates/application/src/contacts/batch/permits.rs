//! How many creations the quota leaves, for those that ask one by one.

use contacts_domain::{
    Timestamp,
    address_book::{Advanced, Numbers},
    creation_quota::{CreationQuota, Creations, Exceeded},
    ports::UnitOfWork,
};

use super::super::{quota::judge, writing::lock};
use crate::{Error, Result};

/// Creations that are in the ledger already, and may be made.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Permits {
    left: u32,
    /// Why there are no more.
    beyond: Exceeded,
    now: Timestamp,
}

impl Permits {
    /// Notes as many of these creations in the ledger of the locked book as the quota allows.
    pub(super) async fn take(
        work: &mut dyn UnitOfWork,
        locked: &Advanced,
        wanted: u32,
        quota: &CreationQuota,
        now: Timestamp,
    ) -> Result<Self> {
        let (book, before) = (&locked.book, locked.creations);
        let at_once = |count| Creations { last: before + i64::from(count), count, at: now };
        let mut permits = Self { left: 0, beyond: Exceeded::Until(now), now };
        // Where so many are allowed, so are fewer. Mostly all are, so that is asked first.
        let (mut most, mut asked) = (wanted, wanted);
        while permits.left < most {
            match judge(work.address_books(), book, quota, &at_once(asked)).await? {
                Ok(()) => permits.left = asked,
                Err(exceeded) => (most, permits.beyond) = (asked - 1, exceeded),
            }
            asked = (permits.left + most).div_ceil(2);
        }
        if permits.left > 0 {
            lock(work, book.owner, Numbers { changes: 0, creations: permits.left }).await?;
            work.address_books().record_creations(book, &at_once(permits.left)).await?;
        }
        if permits.left < wanted {
            // What is told of the next one is when it alone is possible, however many were asked for with it.
            let next = Creations { last: before + i64::from(permits.left) + 1, count: 1, at: now };
            if let Err(exceeded) = judge(work.address_books(), book, quota, &next).await? {
                permits.beyond = exceeded;
            }
        }
        Ok(permits)
    }

    /// Uses one, or says why there is none.
    pub(super) const fn use_one(&mut self) -> Result<()> {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Error::QuotaExceeded { exceeded: self.beyond, now: self.now }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, Mutex},
        time::Duration,
    };

    use chrono::TimeDelta;

    use super::*;
    use crate::testing::{FakeUnitOfWork, a_book, ada, broken, locked, now, transaction};

    type Ledger = Arc<Mutex<Vec<Creations>>>;

    /// So many in an hour.
    fn quota(limit: u32) -> CreationQuota {
        CreationQuota::new(limit, Duration::from_hours(1))
    }

    /// A ledger with these lines: so many creations, so many minutes ago.
    fn ledger(lines: &[(u32, i64)]) -> Ledger {
        let mut last = 0;
        let lines = lines.iter().map(|&(count, minutes)| {
            last += i64::from(count);
            Creations { last, count, at: now() - TimeDelta::minutes(minutes) }
        });
        Arc::new(Mutex::new(lines.collect()))
    }

    fn total(ledger: &Ledger) -> i64 {
        ledger.lock().unwrap().last().map_or(0, |line| line.last)
    }

    /// A locked book with this ledger.
    fn keeping(ledger: &Ledger) -> FakeUnitOfWork {
        let (read, written, counted) = (ledger.clone(), ledger.clone(), ledger.clone());
        transaction(|work| {
            let advance = work.address_books.expect_advance().times(0..=1);
            advance.withf(|owner, numbers| *owner == ada().id && numbers.changes == 0).returning(move |_, numbers| {
                assert!(numbers.creations > 0);
                Ok(Some(locked(total(&counted) + i64::from(numbers.creations))))
            });
            let find = work.address_books.expect_find_creations();
            find.withf(|book, _| *book == a_book())
                .returning(move |_, number| Ok(read.lock().unwrap().iter().find(|line| line.contain(number)).copied()));
            let record = work.address_books.expect_record_creations().times(0..=1);
            record.withf(|book, _| *book == a_book()).returning(move |_, line| {
                written.lock().unwrap().push(*line);
                Ok(())
            });
        })
    }

    async fn take(ledger: &Ledger, limit: u32, wanted: u32) -> Permits {
        let before = locked(total(ledger));
        Permits::take(&mut keeping(ledger), &before, wanted, &quota(limit), now()).await.unwrap()
    }

    #[tokio::test]
    async fn as_many_are_permitted_as_a_count_of_the_last_hour_leaves() {
        for lines in [&[][..], &[(1, 59)], &[(3, 60)], &[(2, 90), (1, 30)], &[(1, 61), (2, 59), (2, 1)]] {
            for (limit, wanted) in (0_u32..8).flat_map(|limit| (0..10).map(move |wanted| (limit, wanted))) {
                let ledger = ledger(lines);
                let (known, lately) = (lines.len(), lines.iter().filter(|line| line.1 < 60));
                let left = limit.saturating_sub(lately.map(|line| line.0).sum::<u32>()).min(wanted);
                assert_eq!(take(&ledger, limit, wanted).await.left, left, "{lines:?}, {limit}, {wanted}");
                let noted: Vec<u32> = ledger.lock().unwrap()[known..].iter().map(|line| line.count).collect();
                let expected = if left > 0 { vec![left] } else { vec![] };
                assert_eq!(noted, expected, "{lines:?}, {limit}, {wanted}");
            }
        }
    }

    #[tokio::test]
    async fn it_is_told_when_the_next_alone_is_possible() {
        let told = |permits: &mut Permits| match permits.use_one() {
            Err(Error::QuotaExceeded { exceeded, now: at }) => {
                assert_eq!(at, now());
                exceeded
            }
            other => panic!("{other:?}"),
        };
        // Those that are made now decide about the next.
        let mut permits = take(&ledger(&[]), 2, 5).await;
        assert!(permits.use_one().is_ok() && permits.use_one().is_ok());
        assert_eq!(told(&mut permits), Exceeded::Until(now() + TimeDelta::hours(1)));
        assert_eq!(told(&mut permits), Exceeded::Until(now() + TimeDelta::hours(1)));
        // Those of half an hour ago do.
        let mut permits = take(&ledger(&[(2, 30)]), 2, 5).await;
        assert_eq!(told(&mut permits), Exceeded::Until(now() + TimeDelta::minutes(30)));
        // Nothing is ever possible.
        let mut permits = take(&ledger(&[]), 0, 1).await;
        assert_eq!(told(&mut permits), Exceeded::TooManyAtOnce { limit: 0 });
    }

    #[tokio::test]
    async fn where_none_is_wanted_the_ledger_is_not_asked() {
        let mut work = FakeUnitOfWork::default();
        assert!(Permits::take(&mut work, &locked(9), 0, &quota(1), now()).await.is_ok());
    }

    #[tokio::test]
    async fn nothing_is_permitted_when_the_ledger_cannot_be_written() {
        let mut work = transaction(|work| {
            work.address_books.expect_advance().times(1).returning(|_, _| Ok(Some(locked(1))));
            work.address_books.expect_record_creations().times(1).returning(|_, _| Err(broken()));
        });
        let result = Permits::take(&mut work, &locked(0), 1, &quota(1), now()).await;
        assert!(matches!(result, Err(Error::Internal(_))));
    }
}
