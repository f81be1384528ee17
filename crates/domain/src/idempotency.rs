//! Idempotent requests: sent again, they do not happen again.
//!
//! The rules follow draft-ietf-httpapi-idempotency-key-header: a client puts the same key on every attempt of one
//! request, and gets the first answer each time.

use std::time::Duration;

use chrono::TimeDelta;

use crate::{
    Timestamp,
    ids::{LeaseId, UserId},
    validation::{Violation, ViolationCode},
};

/// How long an answer is kept.
pub const KEEP_ANSWER: TimeDelta = TimeDelta::hours(24);
/// From how many bytes on an answer is long: of a small request, as a batch that changes nothing of long contacts, an
/// answer may be a thousand times longer.
pub const LONG_ANSWER: usize = 64 * 1024;
/// How many bytes the long answers to one user take together. Two hundred thousand contacts that are created in batches
/// within a day take less. Where they would take more the oldest are forgotten first.
pub const KEEP_LONG_ANSWERS: usize = 128 * 1024 * 1024;
/// How long a request may take before another attempt takes its place: its process may have died.
pub const LEASE: Duration = Duration::from_secs(30);

/// What a client calls a request: 1 to 255 printable characters of ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// In characters, each of which is a byte.
    pub const MAX_LENGTH: usize = 255;

    /// Takes the text as it is: spaces at its ends belong to it.
    ///
    /// # Errors
    ///
    /// [`InvalidIdempotencyKey`](ViolationCode::InvalidIdempotencyKey) for an empty text, a longer one, or another
    /// character.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if text.is_empty() || text.len() > Self::MAX_LENGTH || !printable {
            let message = format!("A key has 1 to {} printable characters of ASCII.", Self::MAX_LENGTH);
            return Err(Violation::new(ViolationCode::InvalidIdempotencyKey, message));
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was sent. It means nothing to this service.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// SHA-256 of everything that makes a request what it is, but its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

/// A request that happens once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// Whose key it is: the same text of two users is two keys.
    pub user: UserId,
    /// The method and the path: the same key elsewhere is another one.
    pub operation: String,
    /// As the client chose it.
    pub key: IdempotencyKey,
    /// Tells another request under the same key from another attempt of this one.
    pub fingerprint: Fingerprint,
}

/// An answer, to be given again byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Of a success: no other answer is kept.
    pub status: u16,
    /// The header `Location`, where there was one.
    pub location: Option<String>,
    /// The header `ETag` with its quotes, where there was one.
    pub entity_tag: Option<String>,
    /// Empty where the answer had none.
    pub body: Vec<u8>,
}

/// The right to carry out a request until its lease is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// What the right is for.
    pub request: IdempotentRequest,
    /// Whoever takes the place of another attempt holds another one: only what is done in the name of the newest
    /// counts.
    pub lease: LeaseId,
    /// When the attempt began; it also says how old the answer is.
    pub reserved_at: Timestamp,
    /// From then on another attempt may take its place.
    pub leased_until: Timestamp,
}

/// What became of an attempt to reserve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// It is ours to carry out.
    Ours,
    /// It was carried out, and answered so.
    Answered(KeptAnswer),
    /// Another attempt is being carried out, at the latest until then.
    InFlight {
        /// When its lease is over, if it does not end before.
        until: Timestamp,
    },
    /// The key belongs to another request.
    Reused,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_up_to_255_visible_characters() {
        for text in ["k", "8e03978e-40d5-43e8-bc93-6894a57f9324", "\"a b\"", &"x".repeat(255)] {
            assert_eq!(IdempotencyKey::parse(text).unwrap().as_str(), text);
        }
        for text in ["", &"x".repeat(256), "a\tb", "ł", "a\0"] {
            let refused = IdempotencyKey::parse(text).unwrap_err();
            assert_eq!(refused.code(), ViolationCode::InvalidIdempotencyKey, "{text:?}");
        }
    }
}
