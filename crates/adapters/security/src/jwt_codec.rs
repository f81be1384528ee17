use std::iter;

use chrono::DateTime;
use contacts_domain::{
    Timestamp,
    ids::{SessionId, UserId},
    ports::{AccessClaims, RefreshClaims, TokenCodec, TokenError},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    jwt_payload::{ACCESS_AUDIENCE, AccessPayload, AccessType, ISSUER, REFRESH_AUDIENCE, RefreshPayload, RefreshType},
    key_name::key_name,
    verified_tokens::VerifiedTokens,
};

/// JSON Web Tokens signed with HMAC-SHA-256 (RFC 7519, RFC 7515). Each kind has a `typ` and an `aud`
/// of its own, so that none can stand in for another. `kid` in the header names the key.
///
/// A secret can be replaced while what it signed is still alive:
///
/// ```
/// use contacts_contract::fixtures::{at, session, user};
/// use contacts_domain::ports::{AccessClaims, TokenCodec};
/// use contacts_security::{JwtCodec, secrets::random_secret};
///
/// let (old, new) = (random_secret()?, random_secret()?);
/// let ada = user();
/// let claims = AccessClaims {
///     user: ada.id,
///     session: session(ada.id).id,
///     version: ada.version,
///     issued_at: at(0),
///     expires_at: at(900_000_000),
/// };
/// let token = JwtCodec::new(&old, &[]).issue_access(&claims)?;
///
/// let rotated = JwtCodec::new(&new, &[old]);
/// assert_eq!(rotated.verify_access(&token, at(1))?, claims);
/// assert!(rotated.verify_access(&token, claims.expires_at).is_err(), "it has expired");
/// assert!(rotated.verify_refresh(&token, at(1)).is_err(), "it is of the other kind");
/// assert!(JwtCodec::new(&new, &[]).verify_access(&token, at(1)).is_err(), "the old secret is not known");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct JwtCodec {
    header: Header,
    signing: EncodingKey,
    current: NamedKey,
    /// Those before: what was signed with one of them is still believed.
    previous: Vec<NamedKey>,
    access: Validation,
    refresh: Validation,
    verified: VerifiedTokens,
}

struct NamedKey {
    name: String,
    key: DecodingKey,
}

impl JwtCodec {
    /// Signs with `secret`, and verifies with it and all of `previous`.
    pub fn new(secret: &SecretString, previous: &[SecretString]) -> Self {
        let current = NamedKey::new(secret);
        Self {
            header: Header { kid: Some(current.name.clone()), ..Header::new(Algorithm::HS256) },
            signing: EncodingKey::from_secret(secret.expose_secret().as_bytes()),
            current,
            previous: previous.iter().map(NamedKey::new).collect(),
            access: validation(ACCESS_AUDIENCE),
            refresh: validation(REFRESH_AUDIENCE),
            verified: VerifiedTokens::default(),
        }
    }

    fn sign(&self, payload: &impl Serialize) -> Result<String, TokenError> {
        jsonwebtoken::encode(&self.header, payload, &self.signing).map_err(|error| TokenError::Backend(error.into()))
    }

    /// The payload of a token that is signed with a known key and meant for this audience. Whether it
    /// has expired is not looked at.
    fn open<P: DeserializeOwned>(&self, token: &str, validation: &Validation) -> Result<P, TokenError> {
        let invalid = |_| TokenError::Invalid;
        let name = jsonwebtoken::decode_header(token).map_err(invalid)?.kid.ok_or(TokenError::Invalid)?;
        let mut keys = iter::once(&self.current).chain(&self.previous);
        let key = keys.find(|key| key.name == name).ok_or(TokenError::Invalid)?;
        Ok(jsonwebtoken::decode(token, &key.key, validation).map_err(invalid)?.claims)
    }
}

impl NamedKey {
    fn new(secret: &SecretString) -> Self {
        let name = key_name("contacts token key", secret);
        Self { name, key: DecodingKey::from_secret(secret.expose_secret().as_bytes()) }
    }
}

fn validation(audience: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The library asks a clock of its own; ours decides.
    validation.validate_exp = false;
    validation
}

fn time(seconds: i64) -> Result<Timestamp, TokenError> {
    DateTime::from_timestamp(seconds, 0).ok_or(TokenError::Invalid)
}

/// When a token expires that has not done so yet.
fn expiry(seconds: i64, now: Timestamp) -> Result<Timestamp, TokenError> {
    time(seconds).and_then(|at| if at > now { Ok(at) } else { Err(TokenError::Invalid) })
}

impl TokenCodec for JwtCodec {
    fn issue_access(&self, claims: &AccessClaims) -> Result<String, TokenError> {
        let AccessClaims { user, session, version, issued_at, expires_at } = claims;
        self.sign(&AccessPayload {
            iss: ISSUER.to_owned(),
            aud: ACCESS_AUDIENCE.to_owned(),
            typ: AccessType::Access,
            sub: user.to_string(),
            sid: session.to_string(),
            ver: *version,
            iat: issued_at.timestamp(),
            exp: expires_at.timestamp(),
        })
    }

    fn verify_access(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError> {
        let claims = self.verified.claims(token, || {
            let payload: AccessPayload = self.open(token, &self.access)?;
            Ok(AccessClaims {
                user: UserId::parse(&payload.sub).ok_or(TokenError::Invalid)?,
                session: SessionId::parse(&payload.sid).ok_or(TokenError::Invalid)?,
                version: payload.ver,
                issued_at: time(payload.iat)?,
                expires_at: time(payload.exp)?,
            })
        })?;
        if claims.expires_at > now { Ok(claims) } else { Err(TokenError::Invalid) }
    }

    fn issue_refresh(&self, claims: &RefreshClaims) -> Result<String, TokenError> {
        let RefreshClaims { user, session, counter, issued_at, expires_at } = claims;
        self.sign(&RefreshPayload {
            iss: ISSUER.to_owned(),
            aud: REFRESH_AUDIENCE.to_owned(),
            typ: RefreshType::Refresh,
            sub: user.to_string(),
            sid: session.to_string(),
            ctr: *counter,
            iat: issued_at.timestamp(),
            exp: expires_at.timestamp(),
        })
    }

    fn verify_refresh(&self, token: &str, now: Timestamp) -> Result<RefreshClaims, TokenError> {
        let payload: RefreshPayload = self.open(token, &self.refresh)?;
        Ok(RefreshClaims {
            user: UserId::parse(&payload.sub).ok_or(TokenError::Invalid)?,
            session: SessionId::parse(&payload.sid).ok_or(TokenError::Invalid)?,
            counter: payload.ctr,
            issued_at: time(payload.iat)?,
            expires_at: expiry(payload.exp, now)?,
        })
    }
}
