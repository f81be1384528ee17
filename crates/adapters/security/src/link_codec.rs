use std::iter;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contacts_domain::{
    ids::MailId,
    link::{LinkHash, LinkPurpose, LinkToken},
    ports::LinkTokens,
};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use uuid::Uuid;

type HmacSha256 = Hmac<Sha256>;

/// Mixed with the secret, so that the key of links is of no use for anything else.
const DERIVATION: &[u8] = b"contacts mailed links v1";

const ID_BYTES: usize = 16;
const TAG_BYTES: usize = 32;
const TOKEN_BYTES: usize = ID_BYTES + TAG_BYTES;
/// In base64, three bytes are four characters: none is left over, so that a token has one spelling.
const TOKEN_CHARACTERS: usize = TOKEN_BYTES / 3 * 4;

/// Tokens of mailed links: an id and an HMAC-SHA-256 (RFC 2104) of purpose and id, as 64 characters
/// of base64url (RFC 4648 section 5).
///
/// The key is derived from the secret that signs the tokens of sessions, too; neither kind can be made
/// from the other.
///
/// ```
/// use contacts_contract::fixtures::unique_uuid;
/// use contacts_domain::{
///     ids::MailId,
///     link::LinkPurpose::{ResetPassword, VerifyEmail},
///     ports::LinkTokens,
/// };
/// use contacts_security::{LinkCodec, secrets::random_secret};
///
/// let codec = LinkCodec::new(&random_secret()?, &[]);
/// let mail = MailId::new(unique_uuid());
/// let (token, hash) = codec.issue(ResetPassword, mail);
/// assert_eq!(codec.read(ResetPassword, token.expose()), Some((mail, hash)));
/// assert_eq!(codec.read(VerifyEmail, token.expose()), None, "it is for something else");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct LinkCodec {
    current: HmacSha256,
    /// Those before: what was issued with one of them is still read.
    previous: Vec<HmacSha256>,
}

impl LinkCodec {
    /// Issues with a key of `secret`, and reads with it and those of all of `previous`.
    pub fn new(secret: &SecretString, previous: &[SecretString]) -> Self {
        Self { current: derived_key(secret), previous: previous.iter().map(derived_key).collect() }
    }
}

impl LinkTokens for LinkCodec {
    fn issue(&self, purpose: LinkPurpose, id: MailId) -> (LinkToken, LinkHash) {
        let tag = sealing(&self.current, purpose, id).finalize().into_bytes();
        let mut token = [0; TOKEN_BYTES];
        token[..ID_BYTES].copy_from_slice(id.uuid().as_bytes());
        token[ID_BYTES..].copy_from_slice(&tag);
        let token = URL_SAFE_NO_PAD.encode(token);
        let hash = stored(&token);
        (LinkToken::new(token), hash)
    }

    fn read(&self, purpose: LinkPurpose, token: &str) -> Option<(MailId, LinkHash)> {
        // Anybody may send a text of any length: most of them are not worth decoding.
        if token.len() != TOKEN_CHARACTERS {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, tag) = bytes.split_first_chunk::<ID_BYTES>()?;
        let id = MailId::new(Uuid::from_bytes(*id));
        // `verify_slice` takes the same time wherever the first difference is.
        iter::once(&self.current)
            .chain(&self.previous)
            .any(|key| sealing(key, purpose, id).verify_slice(tag).is_ok())
            .then(|| (id, stored(token)))
    }
}

/// The HMAC of `purpose || 0 || id`. No purpose holds a zero, so that the parts cannot be cut otherwise.
fn sealing(key: &HmacSha256, purpose: LinkPurpose, id: MailId) -> HmacSha256 {
    key.clone().chain_update(purpose.as_str()).chain_update([0]).chain_update(id.uuid().as_bytes())
}

fn stored(token: &str) -> LinkHash {
    LinkHash(Sha256::digest(token).into())
}

fn derived_key(secret: &SecretString) -> HmacSha256 {
    let key = keyed(secret.expose_secret().as_bytes()).chain_update(DERIVATION).finalize();
    keyed(&key.into_bytes())
}

/// HMAC with a key of any length, which RFC 2104 section 2 makes one of 64 bytes.
fn keyed(key: &[u8]) -> HmacSha256 {
    let mut block = [0; 64];
    match block.get_mut(..key.len()) {
        Some(start) => start.copy_from_slice(key),
        None => block[..32].copy_from_slice(&Sha256::digest(key)),
    }
    HmacSha256::new(&block.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_any_length_make_the_hmac_of_rfc_2104() {
        for length in [0, 1, 32, 63, 64, 65, 200] {
            let key = vec![0xa5; length];
            let expected = HmacSha256::new_from_slice(&key).unwrap().chain_update("text").finalize().into_bytes();
            assert_eq!(keyed(&key).chain_update("text").finalize().into_bytes(), expected, "{length}");
        }
    }

    /// Tokens are made anew when a mail is sent again: another version must make the same.
    #[test]
    fn the_token_of_an_id_is_what_it_always_was() {
        let codec = LinkCodec::new(&"a secret for tests, of 32 bytes or more".into(), &[]);
        let id = MailId::new(Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b302_099a_8057));
        let (token, hash) = codec.issue(LinkPurpose::ResetPassword, id);
        assert_eq!(token.expose(), "AYkKXayWd0u8zrMCCZqAV5fUdzM-EVWp3NErvSgEOmCpMPm0Ue7rLRjLtaFoW5CS");
        assert_eq!(hash, stored(token.expose()));
    }
}
