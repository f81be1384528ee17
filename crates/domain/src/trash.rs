//! The trash: contacts that were deleted, and may come back for a while.

use chrono::TimeDelta;

use crate::{
    Timestamp,
    contact::Contact,
    cursor::{self, CursorScope, KeyKind, KeyValue, Position},
    ids::UserId,
    page::PageLimit,
    validation::ValidationErrors,
};

/// How long a deleted contact can be restored. After that its details are gone.
pub const KEEP_IN_TRASH: TimeDelta = TimeDelta::days(30);

/// How long it is known that a contact was deleted. A client that did not follow the changes for longer than this
/// begins anew.
pub const KEEP_TOMBSTONE: TimeDelta = TimeDelta::days(365);

/// A contact in the trash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrashedContact {
    /// As it was when it was deleted.
    pub contact: Contact,
    /// From then on it can be restored for [`KEEP_IN_TRASH`].
    pub deleted_at: Timestamp,
}

impl TrashedContact {
    /// Its place in the trash, which lists what was deleted last first.
    pub fn position(&self) -> Position {
        Position { keys: vec![KeyValue::Time(self.deleted_at)], id: self.contact.id }
    }
}

/// A page of the trash, ready for a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrashQuery {
    /// From behind the contact that was deleted at this time and has this id.
    pub after: Option<Position>,
    /// Of this page, not of the whole trash.
    pub limit: PageLimit,
}

/// The parameters of a page of the trash as a client sends them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrashListRequest {
    /// As [`PageLimit`] reads it.
    pub limit: Option<String>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// What was already wrong when the request was read.
    pub errors: ValidationErrors,
}

impl TrashListRequest {
    /// The query and the scope that its cursors belong to, or everything that is wrong.
    pub fn validate(self, owner: UserId) -> Result<(TrashQuery, CursorScope), ValidationErrors> {
        let Self { limit, cursor, mut errors } = self;
        let scope = CursorScope::new("trash").with(&owner.to_string());
        let limit = errors.parse("limit", limit, |text| PageLimit::parse(&text)).unwrap_or_default();
        let after = errors.parse("cursor", cursor, |text| cursor::decode(scope.clone(), &[KeyKind::Time], &text));
        errors.into_result((TrashQuery { after, limit }, scope))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{ids::ContactId, validation::ViolationCode};

    fn owner(number: u128) -> UserId {
        UserId::new(Uuid::from_u128(number))
    }

    #[test]
    fn a_cursor_belongs_to_the_trash_of_its_owner() {
        let (_, scope) = TrashListRequest::default().validate(owner(1)).unwrap();
        let position =
            Position { keys: vec![KeyValue::Time(Timestamp::UNIX_EPOCH)], id: ContactId::new(Uuid::from_u128(7)) };
        let cursor = cursor::encode(scope, &position);
        let next = || TrashListRequest { cursor: Some(cursor.clone()), ..TrashListRequest::default() };
        assert_eq!(next().validate(owner(1)).unwrap().0.after, Some(position));
        let errors = next().validate(owner(2)).unwrap_err();
        assert_eq!(errors.iter().next().unwrap().code, ViolationCode::InvalidCursor);
    }
}
