use actix_web::http::StatusCode;

/// A kind of successful answer: its status, and the headers that it carries.
pub(crate) trait Kind {
    const STATUS: StatusCode;
    const DESCRIPTION: &'static str;
    const HEADERS: &'static [(&'static str, &'static str)] = &[];
}

/// 200.
pub(crate) struct Found;
/// 201 with `Location`.
pub(crate) struct Made;
/// 200, and the answer must not be kept by any cache: it is a secret.
pub(crate) struct Secret;
/// 202: it was asked for, and is done later.
pub(crate) struct Pending;
/// 200, in the state that `ETag` names.
pub(crate) struct Current;
/// 201 with `Location`, in the state that `ETag` names.
pub(crate) struct Created;
/// 200, a page of a list with a link to the next.
pub(crate) struct Listed;

impl Kind for Found {
    const STATUS: StatusCode = StatusCode::OK;
    const DESCRIPTION: &'static str = "Found.";
}

impl Kind for Made {
    const STATUS: StatusCode = StatusCode::CREATED;
    const DESCRIPTION: &'static str = "Made.";
    const HEADERS: &'static [(&'static str, &'static str)] = &[("Location", "Where it is.")];
}

impl Kind for Secret {
    const STATUS: StatusCode = StatusCode::OK;
    const DESCRIPTION: &'static str = "A new pair of tokens.";
    const HEADERS: &'static [(&'static str, &'static str)] = &[("Cache-Control", "`no-store`.")];
}

impl Kind for Pending {
    const STATUS: StatusCode = StatusCode::ACCEPTED;
    const DESCRIPTION: &'static str = "Accepted: it is done a moment later, where there is anything to do.";
}

impl Kind for Current {
    const STATUS: StatusCode = StatusCode::OK;
    const DESCRIPTION: &'static str = "The contact as it is now.";
    const HEADERS: &'static [(&'static str, &'static str)] = &[ETAG];
}

impl Kind for Created {
    const STATUS: StatusCode = StatusCode::CREATED;
    const DESCRIPTION: &'static str = "Made.";
    const HEADERS: &'static [(&'static str, &'static str)] = &[("Location", "Where it is."), ETAG];
}

impl Kind for Listed {
    const STATUS: StatusCode = StatusCode::OK;
    const DESCRIPTION: &'static str = "A page.";
    const HEADERS: &'static [(&'static str, &'static str)] =
        &[("Link", "The next page, as `<...>; rel=\"next\"` (RFC 8288); absent on the last one.")];
}

pub(super) const ETAG: (&str, &str) =
    ("ETag", "Names this state, for `If-Match` and `If-None-Match`; every change gives another (RFC 9110).");
