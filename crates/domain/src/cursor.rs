//! Cursors: an opaque text that says where a page ended.
//!
//! A cursor holds the sort keys and the id of the last item delivered, so that paging while others
//! write neither repeats nor skips what did not change. It is bound to what was asked for: used
//! with another owner, filter or sort it is refused.
//!
//! The form is base64url of: version, hash of the scope and of what follows (16 bytes), id (16 bytes),
//! the keys. The hash is no secret: it finds mistakes, and a cursor opens nothing to anybody.
//!
//! ```
//! use contacts_domain::{
//!     cursor::{self, CursorScope, KeyKind, KeyValue, Position},
//!     ids::ContactId,
//!     validation::ViolationCode,
//! };
//!
//! let id = ContactId::parse("01890a5d-ac96-774b-bcce-b302099a8057").ok_or("an id")?;
//! let last = Position { keys: vec![KeyValue::Text("lovelace".into()), KeyValue::Text("ada".into())], id };
//! let scope = |q| CursorScope::new("contacts").with("the owner").with_option(q);
//!
//! let cursor = cursor::encode(scope(Some("ada")), &last);
//! let kinds = [KeyKind::Text, KeyKind::Text];
//! assert_eq!(cursor::decode(scope(Some("ada")), &kinds, &cursor)?, last);
//!
//! let other_search = cursor::decode(scope(None), &kinds, &cursor).unwrap_err();
//! assert_eq!(other_search.code(), ViolationCode::InvalidCursor);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Timestamp,
    ids::ContactId,
    validation::{Violation, ViolationCode},
};

const VERSION: u8 = 1;

/// The value of one sort key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyValue {
    /// Folded text, compared byte by byte.
    Text(String),
    /// A number, or a truth as 0 or 1.
    Integer(i64),
    /// In UTC, with whole microseconds.
    Time(Timestamp),
}

/// The type of a sort key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// As of [`KeyValue::Text`].
    Text,
    /// As of [`KeyValue::Integer`].
    Integer,
    /// As of [`KeyValue::Time`].
    Time,
}

impl KeyValue {
    /// What [`decode`] compares with what the order of the list asks for.
    pub const fn kind(&self) -> KeyKind {
        match self {
            Self::Text(_) => KeyKind::Text,
            Self::Integer(_) => KeyKind::Integer,
            Self::Time(_) => KeyKind::Time,
        }
    }
}

/// The place of an item in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// One value for each key of the order, in that order.
    pub keys: Vec<KeyValue>,
    /// Decides between items whose keys are all the same.
    pub id: ContactId,
}

/// What a cursor is valid for: owner, filters, sort.
#[derive(Clone, Debug)]
pub struct CursorScope(Sha256);

impl CursorScope {
    /// The scope of a list by its name. Whatever else tells two lists apart is added by [`with`](Self::with), first of
    /// all the owner.
    pub fn new(list: &str) -> Self {
        Self(Sha256::new()).with(list)
    }

    /// Adds one part. Its length goes in too, so that no two lists of parts look alike.
    #[must_use]
    pub fn with(mut self, part: &str) -> Self {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part.as_bytes());
        self
    }

    /// Adds a part that may be absent, which differs from an empty one.
    #[must_use]
    pub fn with_option(self, part: Option<&str>) -> Self {
        match part {
            Some(part) => self.with("some").with(part),
            None => self.with("none"),
        }
    }

    fn hash(self, position: &[u8]) -> [u8; 16] {
        let mut hash = [0; 16];
        hash.copy_from_slice(&self.0.chain_update(position).finalize()[..16]);
        hash
    }
}

/// Writes a position as a cursor for `scope`.
pub fn encode(scope: CursorScope, position: &Position) -> String {
    let mut bytes = position.id.uuid().as_bytes().to_vec();
    for key in &position.keys {
        match key {
            KeyValue::Text(text) => {
                bytes.push(b't');
                bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
                bytes.extend_from_slice(text.as_bytes());
            }
            KeyValue::Integer(number) => {
                bytes.push(b'i');
                bytes.extend_from_slice(&number.to_be_bytes());
            }
            KeyValue::Time(time) => {
                bytes.push(b'm');
                bytes.extend_from_slice(&time.timestamp_micros().to_be_bytes());
            }
        }
    }
    URL_SAFE_NO_PAD.encode([&[VERSION], &scope.hash(&bytes)[..], &bytes].concat())
}

/// Reads a cursor that was made for `scope`, with keys of these kinds.
pub fn decode(scope: CursorScope, kinds: &[KeyKind], cursor: &str) -> Result<Position, Violation> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
    let mut reader = Reader(&bytes);
    let sound = reader.array()? == [VERSION] && reader.array()? == scope.hash(reader.0);
    let position = sound.then(|| reader.position()).ok_or_else(invalid)??;
    let expected = position.keys.iter().map(KeyValue::kind).eq(kinds.iter().copied());
    if expected { Ok(position) } else { Err(invalid()) }
}

fn invalid() -> Violation {
    Violation::new(
        ViolationCode::InvalidCursor,
        "This cursor is not one of this list with these filters and this sort.",
    )
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Violation> {
        let (array, rest) = self.0.split_first_chunk::<N>().ok_or_else(invalid)?;
        self.0 = rest;
        Ok(*array)
    }

    fn position(&mut self) -> Result<Position, Violation> {
        let id = ContactId::new(Uuid::from_bytes(self.array()?));
        let mut keys = Vec::new();
        while !self.0.is_empty() {
            keys.push(self.key()?);
        }
        Ok(Position { keys, id })
    }

    fn key(&mut self) -> Result<KeyValue, Violation> {
        let [tag] = self.array()?;
        let number = i64::from_be_bytes(self.array()?);
        match tag {
            b'i' => Ok(KeyValue::Integer(number)),
            b'm' => {
                // Further away than databases reach, a time was not made here.
                let time = DateTime::from_timestamp_micros(number).filter(|time| (1..=9999).contains(&time.year()));
                time.map(KeyValue::Time).ok_or_else(invalid)
            }
            b't' => {
                let length = usize::try_from(number).map_err(|_| invalid())?;
                let (text, rest) = self.0.split_at_checked(length).ok_or_else(invalid)?;
                self.0 = rest;
                let text = String::from_utf8(text.to_vec()).map_err(|_| invalid())?;
                // A database would refuse it.
                if text.contains('\0') { Err(invalid()) } else { Ok(KeyValue::Text(text)) }
            }
            _ => Err(invalid()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> impl Strategy<Value = KeyValue> {
        prop_oneof![
            "[^\0]{0,20}".prop_map(KeyValue::Text),
            any::<i64>().prop_map(KeyValue::Integer),
            (-62_135_596_800_000_000_i64..253_402_300_800_000_000)
                .prop_map(|micros| KeyValue::Time(DateTime::from_timestamp_micros(micros).unwrap())),
        ]
    }

    fn position() -> impl Strategy<Value = Position> {
        (prop::collection::vec(key(), 0..6), any::<u128>())
            .prop_map(|(keys, id)| Position { keys, id: ContactId::new(Uuid::from_u128(id)) })
    }

    fn kinds(position: &Position) -> Vec<KeyKind> {
        position.keys.iter().map(KeyValue::kind).collect()
    }

    proptest! {
        #[test]
        fn cursors_round_trip(position in position(), scope in any::<String>()) {
            let scope = CursorScope::new(&scope);
            let cursor = encode(scope.clone(), &position);
            prop_assert_eq!(decode(scope, &kinds(&position), &cursor), Ok(position));
        }

        #[test]
        fn a_cursor_of_another_scope_is_refused(position in position(), a in ".{0,8}", b in ".{0,8}") {
            prop_assume!(a != b);
            let cursor = encode(CursorScope::new(&a), &position);
            let refused = decode(CursorScope::new(&b), &kinds(&position), &cursor).unwrap_err();
            prop_assert_eq!(refused.code(), ViolationCode::InvalidCursor);
        }

        #[test]
        fn damage_is_refused(position in position(), at in any::<prop::sample::Index>(), flip in 1..64_usize) {
            let scope = CursorScope::new("list");
            let mut cursor = encode(scope.clone(), &position).into_bytes();
            // The last character may have bits that mean nothing.
            let index = at.index(cursor.len() - 1);
            const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let place = ALPHABET.iter().position(|letter| *letter == cursor[index]).unwrap();
            cursor[index] = ALPHABET[(place + flip) % 64];
            let damaged = String::from_utf8(cursor.clone()).unwrap();
            prop_assert!(decode(scope.clone(), &kinds(&position), &damaged).is_err());
            cursor.truncate(index);
            prop_assert!(decode(scope, &kinds(&position), &String::from_utf8_lossy(&cursor)).is_err());
        }
    }

    #[test]
    fn times_that_no_database_holds_are_refused() {
        let scope = CursorScope::new("list");
        for micros in [-300_000_000_000_000_000, 300_000_000_000_000_000] {
            let keys = vec![KeyValue::Time(DateTime::from_timestamp_micros(micros).unwrap())];
            let cursor = encode(scope.clone(), &Position { keys, id: ContactId::new(Uuid::nil()) });
            assert!(decode(scope.clone(), &[KeyKind::Time], &cursor).is_err(), "{micros}");
        }
    }

    #[test]
    fn parts_of_a_scope_do_not_run_together() {
        let hash = |scope: CursorScope| scope.hash(&[]);
        assert_ne!(hash(CursorScope::new("a").with("bc")), hash(CursorScope::new("ab").with("c")));
        assert_ne!(hash(CursorScope::new("a").with_option(None)), hash(CursorScope::new("a").with_option(Some(""))));
    }
}
