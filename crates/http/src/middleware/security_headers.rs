use actix_web::{
    body::MessageBody,
    dev::ServiceResponse,
    http::header::{self, HeaderName, HeaderValue},
};

use crate::state::State;

/// What a browser is told of every answer, unless a handler knows better.
const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
];

/// Two years, as browsers ask of those who mean it.
const TLS_ONLY: &str = "max-age=63072000";

/// Adds what keeps browsers and caches from making more of an answer than it is. Whatever the API says
/// belongs to one user, so that no cache keeps it.
pub(super) fn secure<B: MessageBody>(response: &mut ServiceResponse<B>, state: &State) {
    let is_api = response.request().match_info().as_str().starts_with("/api/v1");
    let sometimes = [
        state.is_secure().then_some((header::STRICT_TRANSPORT_SECURITY, TLS_ONLY)),
        is_api.then_some((header::CACHE_CONTROL, "no-store")),
    ];
    let headers = response.headers_mut();
    for (name, value) in ALWAYS.into_iter().chain(sometimes.into_iter().flatten()) {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
