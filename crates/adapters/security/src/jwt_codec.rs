use chrono::DateTime;
use contacts_domain::{
    Timestamp,
    ids::UserId,
    ports::{Claims, TokenCodec, TokenError, TokenKind},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

const ISSUER: &str = "contacts";

/// JSON Web Tokens signed with HMAC-SHA-256 (RFC 7519). Each kind has a `typ` and an `aud` of its
/// own, so that none can stand in for another.
pub struct JwtCodec {
    encoding: EncodingKey,
    decoding: DecodingKey,
    access: Validation,
    refresh: Validation,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct JwtClaims {
    iss: String,
    aud: String,
    typ: String,
    sub: String,
    iat: i64,
    exp: i64,
}

impl JwtCodec {
    pub fn new(secret: &SecretString) -> Self {
        let key = secret.expose_secret().as_bytes();
        Self {
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            access: validation(TokenKind::Access),
            refresh: validation(TokenKind::Refresh),
        }
    }

    const fn validation(&self, kind: TokenKind) -> &Validation {
        match kind {
            TokenKind::Access => &self.access,
            TokenKind::Refresh => &self.refresh,
        }
    }
}

const fn typ(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Access => "access",
        TokenKind::Refresh => "refresh",
    }
}

const fn audience(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Access => "contacts:access",
        TokenKind::Refresh => "contacts:refresh",
    }
}

fn validation(kind: TokenKind) -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[audience(kind)]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The library asks a clock of its own; ours decides.
    validation.validate_exp = false;
    validation
}

impl TokenCodec for JwtCodec {
    fn issue(&self, kind: TokenKind, claims: &Claims, now: Timestamp) -> Result<String, TokenError> {
        let claims = JwtClaims {
            iss: ISSUER.to_owned(),
            aud: audience(kind).to_owned(),
            typ: typ(kind).to_owned(),
            sub: claims.user.to_string(),
            iat: now.timestamp(),
            exp: claims.expires_at.timestamp(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map_err(|error| TokenError::Backend(error.into()))
    }

    fn verify(&self, kind: TokenKind, token: &str, now: Timestamp) -> Result<Claims, TokenError> {
        let decoded = jsonwebtoken::decode::<JwtClaims>(token, &self.decoding, self.validation(kind));
        let claims = decoded.map_err(|_| TokenError::Invalid)?.claims;
        let user = UserId::parse(&claims.sub).ok_or(TokenError::Invalid)?;
        let expires_at = DateTime::from_timestamp(claims.exp, 0).ok_or(TokenError::Invalid)?;
        if claims.typ != typ(kind) || expires_at <= now {
            return Err(TokenError::Invalid);
        }
        Ok(Claims { user, expires_at })
    }
}
