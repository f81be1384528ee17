use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use contacts_domain::ports::AccessClaims;
use sha2::{Digest, Sha256};

/// How many tokens are known at most: about 200 bytes each.
const MOST: usize = 16_384;

/// What stands in tokens whose signature was found to be good: to look one up costs a tenth of verifying it, and a
/// client sends the same one many times. Whether one has expired is not known here, for that depends on the time.
///
/// A token is known by its SHA-256 alone: nothing here could be sent as a token, and who guesses has nothing to measure.
#[derive(Default)]
pub(crate) struct VerifiedTokens {
    claims: RwLock<HashMap<[u8; 32], AccessClaims>>,
}

impl VerifiedTokens {
    /// The claims of a token that is known, or else what `verify` finds in it, which is then known.
    pub(crate) fn claims<E>(
        &self,
        token: &str,
        verify: impl FnOnce() -> Result<AccessClaims, E>,
    ) -> Result<AccessClaims, E> {
        let name: [u8; 32] = Sha256::digest(token).into();
        if let Some(known) = self.claims.read().unwrap_or_else(PoisonError::into_inner).get(&name) {
            return Ok(*known);
        }
        let found = verify()?;
        let mut claims = self.claims.write().unwrap_or_else(PoisonError::into_inner);
        // All at once: those that are still in use are soon known again.
        if claims.len() >= MOST {
            claims.clear();
        }
        claims.insert(name, found);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use contacts_domain::{
        Timestamp,
        ids::{SessionId, UserId},
    };
    use uuid::Uuid;

    use super::*;

    fn claims(version: i64) -> AccessClaims {
        AccessClaims {
            user: UserId::new(Uuid::nil()),
            session: SessionId::new(Uuid::nil()),
            version,
            issued_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_token_is_verified_once_and_another_one_for_itself() {
        let (tokens, verified) = (VerifiedTokens::default(), Cell::new(0));
        let found = |token, version| {
            tokens.claims(token, || {
                verified.set(verified.get() + 1);
                Ok::<_, ()>(claims(version))
            })
        };
        assert_eq!(found("one", 1), Ok(claims(1)));
        assert_eq!(found("one", 2), Ok(claims(1)));
        assert_eq!(found("two", 2), Ok(claims(2)));
        assert_eq!(verified.get(), 2);
    }

    #[test]
    fn what_is_refused_is_refused_every_time() {
        let tokens = VerifiedTokens::default();
        for _ in 0..2 {
            assert_eq!(tokens.claims("forged", || Err(())), Err(()));
        }
        assert_eq!(tokens.claims("forged", || Ok::<_, ()>(claims(1))), Ok(claims(1)));
    }

    #[test]
    fn no_more_are_known_than_there_is_room_for() {
        let tokens = VerifiedTokens::default();
        for number in 0..=MOST {
            tokens.claims(&number.to_string(), || Ok::<_, ()>(claims(1))).unwrap();
        }
        assert!(tokens.claims.read().unwrap().len() <= MOST);
    }
}
