//! The address book: where a user's contacts live, and in which order they changed.

use crate::ids::{AddressBookId, UserId};

/// Made with its owner's account, one for each user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressBook {
    pub id: AddressBookId,
    pub owner: UserId,
}

/// The place of a write among all writes to one address book.
///
/// It comes from [`AddressBookRepository::advance`](crate::ports::AddressBookRepository::advance)
/// alone, which locks the book until the transaction ends. Every write of a contact asks for one,
/// so that no contact can be written without the lock, and commit order is sequence order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeStamp {
    pub book: AddressBook,
    pub seq: i64,
}
