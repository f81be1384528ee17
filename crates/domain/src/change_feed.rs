//! The changes feed: how a client keeps a copy of an address book.
//!
//! Every change of a contact takes the next number of its address book inside the transaction that makes it, under
//! the book's lock: whoever sees a number sees all smaller ones. So a client that asks for what came behind the last
//! change it was given misses nothing, however many write meanwhile.
//!
//! ```
//! use contacts_domain::{
//!     change_feed::{History, SyncToken},
//!     ids::Epoch,
//! };
//!
//! let epoch = Epoch::parse("6c2f41b2-0e0e-4a7d-9a53-3a3f6a0a7f10").ok_or("an id")?;
//! let token = SyncToken { epoch, seq: 42, forgotten: 0 };
//! let text = token.encode();
//! assert_eq!(text.len(), 50);
//! assert_eq!(SyncToken::parse(&text)?, token);
//!
//! assert!(History { epoch, newest: 57, forgotten: 0 }.knows(token));
//! // What was deleted up to the 50th change is forgotten, so this client would never hear of it.
//! assert!(!History { epoch, newest: 57, forgotten: 50 }.knows(token));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    contact::Contact,
    ids::{ContactId, Epoch},
    validation::{ValidationErrors, Violation, ViolationCode},
};

const VERSION: u8 = 1;

/// How far a client has come: the last change that it was given, never the newest there is.
///
/// Its form is base64url of: version, epoch (16 bytes), two numbers (8 bytes each), a checksum (4 bytes), which
/// finds mistakes. It opens nothing to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncToken {
    /// Within which history of the address book. One that is restored from a backup needs another one.
    pub epoch: Epoch,
    /// The number of the last change that was given; 0 before the first.
    pub seq: i64,
    /// What was forgotten when the client began. It needs none of those deletions, for it was given what was left;
    /// without this number it could not go on from changes that are older than they are.
    pub forgotten: i64,
}

impl SyncToken {
    /// 50 characters that need no escaping in a URL (RFC 4648 section 5).
    pub fn encode(self) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(self.epoch.uuid().as_bytes());
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.forgotten.to_be_bytes());
        bytes.extend_from_slice(&checksum(&bytes));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`encode`](Self::encode) wrote. Whether its history is still known is not judged here, but by
    /// [`History::knows`].
    ///
    /// # Errors
    ///
    /// [`InvalidSyncToken`](ViolationCode::InvalidSyncToken) for every other text, and for a token of another
    /// version.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let token = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| {
            let (content, sum) = bytes.split_last_chunk::<4>()?;
            let (version, rest) = content.split_first_chunk::<1>()?;
            let (epoch, rest) = rest.split_first_chunk::<16>()?;
            let (seq, forgotten) = rest.split_first_chunk::<8>()?;
            let (seq, forgotten) = (i64::from_be_bytes(*seq), i64::from_be_bytes(forgotten.try_into().ok()?));
            let sound = *sum == checksum(content) && *version == [VERSION] && seq >= 0 && forgotten >= 0;
            sound.then(|| Self { epoch: Epoch::new(Uuid::from_bytes(*epoch)), seq, forgotten })
        });
        token.ok_or_else(|| Violation::new(ViolationCode::InvalidSyncToken, "This is not a token of the changes feed."))
    }
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    let mut sum = [0; 4];
    sum.copy_from_slice(&Sha256::digest(bytes)[..4]);
    sum
}

/// How many changes a page holds: 1 to 1,000, 500 where nothing is said. More than 1,000 is 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangesLimit(u16);

impl ChangesLimit {
    /// A client that wants more asks again, with the token of the answer.
    pub const MAX: u16 = 1000;
    /// Where the client names no limit.
    pub const DEFAULT: u16 = 500;

    fn parse(text: &str) -> Result<Self, Violation> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // More digits than fit are a large number, and so the largest page.
        let number = digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX)).filter(|number| *number > 0);
        let number = number.ok_or_else(|| {
            Violation::new(ViolationCode::OutOfRange, "A limit is a whole number from 1 to 1000; more counts as 1000.")
        })?;
        Ok(Self(u16::try_from(number).unwrap_or(Self::MAX).min(Self::MAX)))
    }

    /// 1 to [`MAX`](Self::MAX).
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl Default for ChangesLimit {
    fn default() -> Self {
        Self(Self::DEFAULT)
    }
}

/// The parameters of a page of changes as a client sends them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangesRequest {
    /// The `next_token` of the answer before; everything from the beginning where nothing is sent.
    pub since: Option<String>,
    /// As [`ChangesLimit`] says.
    pub limit: Option<String>,
    /// What was already wrong when the request was read.
    pub errors: ValidationErrors,
}

impl ChangesRequest {
    /// Since when, and how many; or everything that is wrong.
    pub fn validate(self) -> Result<(Option<SyncToken>, ChangesLimit), ValidationErrors> {
        let Self { since, limit, mut errors } = self;
        let since = errors.parse("since", since, |text| SyncToken::parse(&text));
        let limit = errors.parse("limit", limit, |text| ChangesLimit::parse(&text)).unwrap_or_default();
        errors.into_result((since, limit))
    }
}

/// The latest change of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Also of a contact that is gone.
    pub id: ContactId,
    /// Of the latest change alone: the earlier ones of the same contact are not told.
    pub seq: i64,
    /// `None` where it was deleted.
    pub contact: Option<Contact>,
}

/// What an address book says of its history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    /// Another one after the database was restored from a backup.
    pub epoch: Epoch,
    /// The number of the newest change.
    pub newest: i64,
    /// Up to this number deletions are not known any more.
    pub forgotten: i64,
}

impl History {
    /// Whether everything that happened behind this token is still known.
    pub fn knows(&self, token: SyncToken) -> bool {
        let SyncToken { epoch, seq, forgotten } = token;
        // A number that was not reached yet was given before the database lost some of its changes.
        epoch == self.epoch && seq.max(forgotten) >= self.forgotten && seq.max(forgotten) <= self.newest
    }
}

/// What a repository answers: changes by their numbers, and the history they are of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The lowest number first, each contact at most once.
    pub items: Vec<Change>,
    /// Whether there are changes behind the last item.
    pub more: bool,
    /// As it was when the items were read, or later.
    pub history: History,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn epoch(number: u128) -> Epoch {
        Epoch::new(Uuid::from_u128(number))
    }

    proptest! {
        #[test]
        fn tokens_round_trip(number in any::<u128>(), seq in 0..i64::MAX, forgotten in 0..i64::MAX) {
            let token = SyncToken { epoch: epoch(number), seq, forgotten };
            prop_assert_eq!(SyncToken::parse(&token.encode()), Ok(token));
        }

        #[test]
        fn any_other_text_is_refused(text in ".{0,60}") {
            prop_assert_eq!(SyncToken::parse(&text).unwrap_err().code(), ViolationCode::InvalidSyncToken);
        }
    }

    #[test]
    fn a_damaged_token_is_refused() {
        let mut token = SyncToken { epoch: epoch(1), seq: 5, forgotten: 0 }.encode();
        token.replace_range(30..31, if token.as_bytes()[30] == b'A' { "B" } else { "A" });
        assert!(SyncToken::parse(&token).is_err());
    }

    #[test]
    fn a_history_knows_its_own_tokens_back_to_what_it_forgot() {
        let history = History { epoch: epoch(1), newest: 9, forgotten: 4 };
        let knows = |number, seq| history.knows(SyncToken { epoch: epoch(number), seq, forgotten: 0 });
        assert!(knows(1, 4) && knows(1, 9));
        assert!(!knows(1, 3) && !knows(1, 10) && !knows(2, 5));
    }

    #[test]
    fn who_began_after_something_was_forgotten_goes_on_from_older_changes() {
        let history = History { epoch: epoch(1), newest: 9, forgotten: 4 };
        let knows = |forgotten| history.knows(SyncToken { epoch: epoch(1), seq: 2, forgotten });
        assert!(knows(4) && knows(5));
        assert!(!knows(3) && !knows(10));
    }

    #[test]
    fn a_page_holds_1_to_1000_changes() {
        let limit = |text: &str| {
            let request = ChangesRequest { limit: Some(text.into()), ..ChangesRequest::default() };
            request.validate().map(|(_, limit)| limit.get()).ok()
        };
        assert_eq!([limit("1"), limit("1000"), limit("99999999999999999999")], [Some(1), Some(1000), Some(1000)]);
        assert_eq!([limit("0"), limit("-1"), limit("ten"), limit("")], [None; 4]);
        assert_eq!(ChangesRequest::default().validate().unwrap().1.get(), 500);
    }
}
