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
