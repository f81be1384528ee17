//! The media types that this face speaks.

pub(crate) const JSON: &str = "application/json";
/// A change of some fields (RFC 7396).
pub(crate) const MERGE_PATCH: &str = "application/merge-patch+json";
/// A form, as OAuth2's password flow sends one (RFC 6749 section 4.3.2).
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// A form with files (RFC 7578).
pub(crate) const MULTIPART: &str = "multipart/form-data";
/// Every refusal (RFC 9457).
pub(crate) const PROBLEM: &str = "application/problem+json";
