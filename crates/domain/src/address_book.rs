//! The address book: where a user's contacts live, and in which order they changed.

use crate::ids::{AddressBookId, UserId};

/// Made with its owner's account, one for each user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressBook {
    /// Unique over all users. No client ever sees it.
    pub id: AddressBookId,
    /// The one user who may read and write it.
    pub owner: UserId,
}

/// How many numbers a transaction takes of an address book: for its changes, and for its creations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// One for each contact that may be written, deleted or restored. Those that are not needed stay unused.
    pub changes: u32,
    /// One for each contact that is new, for the [quota](crate::creation_quota). A restored contact is not.
    pub creations: u32,
}

/// A locked address book that gave numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advanced {
    /// The one that stays locked until the transaction ends.
    pub book: AddressBook,
    /// The number of the last change that it gave.
    pub last_change: i64,
    /// How many contacts were ever created in it, those included that it gave a number.
    pub creations: i64,
}

impl Advanced {
    /// The place of the last change that was asked for: of the only one, where one was.
    pub const fn last(&self) -> ChangeStamp {
        ChangeStamp { book: self.book, seq: self.last_change }
    }

    /// The places of `changes`, in order, where as many were asked for.
    pub fn stamps(&self, changes: u32) -> impl Iterator<Item = ChangeStamp> + Send + use<> {
        let Self { book, last_change, .. } = *self;
        (0..i64::from(changes)).rev().map(move |left| ChangeStamp { book, seq: last_change - left })
    }
}

/// The place of a write among all writes to one address book.
///
/// It comes from [`AddressBookRepository::advance`](crate::ports::AddressBookRepository::advance)
/// alone, which locks the book until the transaction ends. Every write of a contact asks for one,
/// so that no contact can be written without the lock, and commit order is sequence order. No two
/// changes share one: a page of changes may end behind any of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeStamp {
    /// The one that is locked: a stamp of one book is good for no contact of another.
    pub book: AddressBook,
    /// Greater than that of every earlier change of the book. Not every number need be in use.
    pub seq: i64,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_stamps_end_with_the_last_change() {
        let book = AddressBook { id: AddressBookId::new(Uuid::nil()), owner: UserId::new(Uuid::nil()) };
        let advanced = Advanced { book, last_change: 9, creations: 0 };
        let stamps: Vec<i64> = advanced.stamps(3).map(|stamp| stamp.seq).collect();
        assert_eq!((stamps, advanced.last().seq), (vec![7, 8, 9], 9));
    }
}
