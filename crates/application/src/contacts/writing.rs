//! What all writes of contacts have in common.

use contacts_domain::{
    Timestamp,
    address_book::{Advanced, ChangeStamp, Numbers},
    contact::{Contact, ContactDetails},
    ids::{ContactId, UserId},
    ports::{RepositoryResult, UnitOfWork},
    precondition::Preconditions,
};

use crate::{Error, Result, transaction::Outcome};

/// Locks the owner's address book: the first statement of every transaction that writes contacts.
pub(super) async fn lock(work: &mut dyn UnitOfWork, owner: UserId, numbers: Numbers) -> Result<Advanced> {
    // Every account has a book, so without one the account is gone, and its tokens with it.
    work.address_books().advance(owner, numbers).await?.ok_or(Error::InvalidToken)
}

/// The same, for one change.
pub(super) async fn lock_to_change(work: &mut dyn UnitOfWork, owner: UserId) -> Result<ChangeStamp> {
    Ok(lock(work, owner, Numbers { changes: 1, creations: 0 }).await?.last())
}

/// The contact that is to be written. Its preconditions are judged under the lock, so that nobody can write it
/// between that and the write.
pub(super) async fn find_to_write(
    work: &mut dyn UnitOfWork,
    owner: UserId,
    id: ContactId,
    preconditions: &Preconditions,
) -> Result<Contact> {
    let contact = work.contacts().find(owner, id).await?.ok_or(Error::NotFound)?;
    preconditions.check(&contact).map_err(|_| Error::PreconditionFailed)?;
    Ok(contact)
}

/// Gives a contact other details. Where they are the same, nothing is written: it keeps its number, its tag and
/// the time of its last change, and a transaction that did nothing else is rolled back, which gives back what the
/// lock took from the address book. `None` where the contact is gone.
pub(super) async fn rewrite(
    work: &mut dyn UnitOfWork,
    current: Contact,
    details: ContactDetails,
    at: Timestamp,
    stamp: &ChangeStamp,
) -> RepositoryResult<Option<Outcome<Contact>>> {
    if details == current.details {
        return Ok(Some(Outcome::Rollback(current)));
    }
    let contact = Contact { details, seq: stamp.seq, updated_at: at, ..current };
    let written = work.contacts().update(&contact, stamp).await?;
    Ok(written.then_some(Outcome::Commit(contact)))
}
