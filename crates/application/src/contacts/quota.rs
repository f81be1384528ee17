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
