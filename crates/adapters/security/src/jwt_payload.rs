use serde::{Deserialize, Serialize};

pub(crate) const ISSUER: &str = "contacts";
pub(crate) const ACCESS_AUDIENCE: &str = "contacts:access";
pub(crate) const REFRESH_AUDIENCE: &str = "contacts:refresh";

/// The claims of an access token, as they stand in it. All are needed, and no others are known.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessPayload {
    pub(crate) iss: String,
    pub(crate) aud: String,
    pub(crate) typ: AccessType,
    pub(crate) sub: String,
    pub(crate) sid: String,
    pub(crate) ver: i64,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
}

/// The claims of a refresh token, as they stand in it. All are needed, and no others are known.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshPayload {
    pub(crate) iss: String,
    pub(crate) aud: String,
    pub(crate) typ: RefreshType,
    pub(crate) sub: String,
    pub(crate) sid: String,
    pub(crate) ctr: i64,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
}

/// The one `typ` that an access token may have.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AccessType {
    Access,
}

/// The one `typ` that a refresh token may have.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RefreshType {
    Refresh,
}
