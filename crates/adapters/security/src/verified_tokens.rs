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
