use actix_cors::Cors;
use actix_web::middleware::Condition;

/// Which methods a page of another origin may use.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
/// Which headers it may send.
const ALLOWED: [&str; 7] =
    ["Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "Prefer", "X-Request-Id"];
/// Which headers it may read.
const EXPOSED: [&str; 8] = [
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "X-Request-Id",
];
/// For how many seconds a browser remembers what it was told.
const MAX_AGE: usize = 600;

/// Lets pages of these origins, and no other, read answers. Credentials are never allowed: a token is sent by
/// the page itself, nothing by the browser. Where there is no origin, there is no CORS at all.
pub(crate) fn cors(origins: &[String]) -> Condition<Cors> {
    let cors = Cors::default()
        .allowed_methods(METHODS)
        .allowed_headers(ALLOWED)
        .expose_headers(EXPOSED)
        .max_age(MAX_AGE)
        // What is no preflight is answered; the browser keeps the answer from the page.
        .block_on_origin_mismatch(false);
    let cors = origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin));
    Condition::new(!origins.is_empty(), cors)
}
