//! Refusals, as `application/problem+json` (RFC 9457).
//!
//! A handler returns a [`Problem`]; the outermost middleware writes it, for it alone knows the
//! request's id. This is the only place where an error becomes a status.

mod catalogue;
mod code;
mod convert;

use std::{fmt, time::Duration};

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use contacts_domain::{ports::Source, validation::ViolationCode};
use serde::{Serialize, Serializer};

use crate::media_types;

pub use self::catalogue::{ProblemCode, problem_codes};
pub(crate) use self::{code::Code, convert::whole_seconds};

/// How long a client waits before it tries again what was not available.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// A request that was refused, or failed.
#[derive(Debug)]
pub(crate) struct Problem {
    code: Code,
    detail: Option<String>,
    errors: Vec<FieldError>,
    allow: Option<String>,
    /// Whether a body was compressed, as none may be.
    was_encoded: bool,
    retry_after: Option<Duration>,
    /// For the log alone.
    source: Option<Source>,
}

/// One fault of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FieldError {
    pointer: String,
    #[serde(serialize_with = "as_text")]
    code: ViolationCode,
    detail: String,
}

fn as_text<S: Serializer>(code: &ViolationCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.as_str())
}

/// What is said of a refusal.
#[derive(Serialize)]
pub(crate) struct Body<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
}

impl Problem {
    pub(crate) fn new(code: Code) -> Self {
        Self {
            code,
            detail: None,
            errors: Vec::new(),
            allow: None,
            was_encoded: false,
            retry_after: None,
            source: None,
        }
    }

    #[must_use]
    pub(crate) fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// To be tried again after this long.
    #[must_use]
    pub(crate) fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// A fault of this service. What it was is only logged.
    pub(crate) fn internal(source: impl Into<Source>) -> Self {
        Self { source: Some(source.into()), ..Self::new(Code::Internal) }
    }

    /// Something this service needs does not answer. What it was is only logged.
    pub(crate) fn unavailable(source: impl Into<Source>) -> Self {
        Self { source: Some(source.into()), ..Self::new(Code::Unavailable).retry_after(RETRY_AFTER) }
    }

    /// This process is about to end; another one may answer.
    pub(crate) fn shutting_down() -> Self {
        Self::new(Code::ShuttingDown).retry_after(RETRY_AFTER)
    }

    /// `allowed`: the methods that apply, for the header `Allow`.
    pub(crate) fn method_not_allowed(allowed: String) -> Self {
        Self { allow: Some(allowed), ..Self::new(Code::MethodNotAllowed) }
    }

    /// A body that is compressed. Which codings would do stands in `Accept-Encoding` (RFC 9110 section 15.5.16).
    pub(crate) fn encoded() -> Self {
        let detail = "Bodies are not compressed: send it without `Content-Encoding`, or with `identity`.";
        Self { was_encoded: true, ..Self::new(Code::UnsupportedMediaType).with_detail(detail) }
    }

    /// Says of a fault at one pointer that it is at another.
    #[must_use]
    pub(crate) fn renamed(mut self, from: &str, to: &str) -> Self {
        for error in self.errors.iter_mut().filter(|error| error.pointer == from) {
            to.clone_into(&mut error.pointer);
        }
        self
    }

    /// A response that carries this problem to the outermost middleware by itself: where a response is taken
    /// apart on its way, the error in it is lost.
    pub(crate) fn carried(self) -> HttpResponse {
        let mut response = self.error_response();
        response.extensions_mut().insert(self);
        response
    }

    pub(crate) const fn code(&self) -> Code {
        self.code
    }

    /// What is wrong at this pointer.
    pub(crate) fn fault_at(&self, pointer: &str) -> Option<ViolationCode> {
        self.errors.iter().find(|error| error.pointer == pointer).map(|error| error.code)
    }

    /// The errors behind a failure, outermost first.
    pub(crate) fn cause(&self) -> String {
        let mut chain = String::new();
        let mut next: Option<&(dyn std::error::Error + 'static)> = self.source.as_deref().map(|source| source as _);
        while let Some(error) = next {
            if !chain.is_empty() {
                chain.push_str(": ");
            }
            chain.push_str(&error.to_string());
            next = error.source();
        }
        chain
    }

    /// The answer, for a request of this id. `base` is where the catalogue is served.
    pub(crate) fn render(&self, base: &str, request_id: &str) -> HttpResponse {
        let body = self.body(base, Some(request_id));
        let mut response = self.begin();
        response.insert_header((header::CONTENT_TYPE, media_types::PROBLEM));
        // A body of strings and numbers always serializes.
        response.body(serde_json::to_vec(&body).unwrap_or_default())
    }

    /// What is said of it. A part of a request has no id of its own.
    pub(crate) fn body<'a>(&'a self, base: &str, request_id: Option<&'a str>) -> Body<'a> {
        let code = self.code;
        Body {
            r#type: format!("{base}/errors/{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            detail: self.detail.as_deref().unwrap_or_else(|| code.explanation()),
            code: code.as_str(),
            request_id,
            errors: &self.errors,
        }
    }

    /// The status and the headers of the answer, whatever its body is.
    pub(crate) fn begin(&self) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(self.code.status());
        match self.code {
            Code::Unauthenticated | Code::InvalidCredentials => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            Code::InvalidToken => {
                response.insert_header((header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#));
            }
            Code::Busy
            | Code::Unavailable
            | Code::ShuttingDown
            | Code::CorsRefused
            | Code::EmailNotVerified
            | Code::WrongPassword
            | Code::InvalidLink
            | Code::UnsupportedImage
            | Code::ImageTooLarge
            | Code::RateLimited
            | Code::CreationQuotaExceeded
            | Code::MalformedJson
            | Code::MalformedMultipart
            | Code::NotFound
            | Code::MethodNotAllowed
            | Code::RequestTimeout
            | Code::EmailTaken
            | Code::PayloadTooLarge
            | Code::UnsupportedMediaType
            | Code::ValidationFailed
            | Code::InvalidCursor
            | Code::InvalidSyncToken
            | Code::SyncTokenExpired
            | Code::PreconditionFailed
            | Code::IdempotencyKeyReused
            | Code::RequestInFlight
            | Code::BatchFailed
            | Code::Internal => {}
        }
        if let Some(wait) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, whole_seconds(wait)));
        }
        if let Some(allow) = &self.allow {
            response.insert_header((header::ALLOW, allow.as_str()));
        }
        if self.was_encoded {
            response.insert_header((header::ACCEPT_ENCODING, "identity"));
        }
        response
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.title())
    }
}

/// Actix asks for a response here; the outermost middleware replaces it by [`Problem::render`].
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_chain_of_causes_is_for_the_log_and_none_of_it_for_the_client() {
        let cause = std::io::Error::other("password=hunter2");
        let problem = Problem::internal(std::io::Error::other(cause));
        assert!(problem.cause().contains("hunter2"));
        let response = problem.render("http://base", "id-1");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let bytes = actix_web::body::MessageBody::try_into_bytes(response.into_body()).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(body["type"], "http://base/errors/internal");
        assert_eq!(body["request_id"], "id-1");
        assert!(!body.to_string().contains("hunter2"));
    }
}
