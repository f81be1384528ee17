//! The catalogue: every code that a problem can have.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($variant:ident $text:literal $status:ident $title:literal $explanation:literal;)*) => {
        /// What went wrong, for programs to read. The text of a code is part of the API and never
        /// changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Code {
            $(#[doc = $explanation] $variant,)*
        }

        impl Code {
            /// The whole catalogue.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            pub(crate) const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }

            /// The same for every problem of this code.
            pub(crate) const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What a client does about it.
            pub(crate) const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

codes! {
    MalformedJson "malformed_json" BAD_REQUEST "The body cannot be read"
        "The body is broken JSON (or a broken form), is not UTF-8, repeats a key, is nested more than 32 levels deep, holds more than 200,000 values, or a number out of range. Send valid JSON (RFC 8259).";
    MalformedMultipart "malformed_multipart" BAD_REQUEST "The form cannot be read"
        "The body is not what `multipart/form-data` says it is (RFC 7578): it ends too early, a part has no name, or the boundary is missing.";
    Unauthenticated "unauthenticated" UNAUTHORIZED "A token is needed"
        "Send an access token: `Authorization: Bearer <token>`. `POST /api/v1/auth/login` gives one.";
    InvalidToken "invalid_token" UNAUTHORIZED "The token is not valid"
        "The token is expired, damaged, for another purpose, or its account is gone. Refresh it, or log in again.";
    InvalidCredentials "invalid_credentials" UNAUTHORIZED "Wrong e-mail or password"
        "No account has this e-mail and password.";
    CorsRefused "cors_refused" FORBIDDEN "This page may not send that request"
        "A browser asked whether a page of another origin may send a request, and it may not: who runs this service lists the origins that may (403).";
    NotFound "not_found" NOT_FOUND "There is nothing here"
        "The address leads nowhere, or to something that belongs to somebody else.";
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED "This method does not apply"
        "The header `Allow` lists the methods that do.";
    RequestTimeout "request_timeout" REQUEST_TIMEOUT "The body took too long"
        "The body did not arrive in time. Send the request again.";
    RequestInFlight "request_in_flight" CONFLICT "This request is being carried out"
        "Another attempt with the same `Idempotency-Key` came first and is not answered yet. Send the request again after `Retry-After` seconds.";
    EmailTaken "email_taken" CONFLICT "This e-mail is taken"
        "An account has this e-mail already, whatever its case. Log in, or use another address.";
    PayloadTooLarge "payload_too_large" PAYLOAD_TOO_LARGE "The body is too large"
        "A body is at most 256 KiB, a batch at most 32 MiB, a picture at most 5 MiB.";
    UnsupportedMediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE "The body is of another type"
        "Say what the body is with `Content-Type`: `application/json`; for a patch also `application/merge-patch+json`, for a picture `multipart/form-data`.";
    ValidationFailed "validation_failed" UNPROCESSABLE_ENTITY "Some values are not right"
        "`errors` lists every fault: `pointer` says where (RFC 6901, or the name of a query parameter), `code` says what.";
    InvalidCursor "invalid_cursor" UNPROCESSABLE_ENTITY "The cursor does not belong to this list"
        "A cursor goes on with the list that gave it: same filters, same sort, same user. Start again without one.";
    InvalidSyncToken "invalid_sync_token" UNPROCESSABLE_ENTITY "This is not a token of the changes feed"
        "`since` is the `next_token` of the page before, whole and unchanged. Start again without one.";
    SyncTokenExpired "sync_token_expired" GONE "The token is too old"
        "What was deleted since then is not known any more, or the data were restored from a backup. Start again without `since`, and forget what does not come.";
    PreconditionFailed "precondition_failed" PRECONDITION_FAILED "The contact is in another state"
        "It does not have the `ETag` that `If-Match` asks for, or has one that `If-None-Match` excludes: somebody changed it. Read it again, and decide anew.";
    IdempotencyKeyReused "idempotency_key_reused" UNPROCESSABLE_ENTITY "The key belongs to another request"
        "This `Idempotency-Key` was sent before with another query, content type or body. A new request needs a new key.";
    BatchFailed "batch_failed" UNPROCESSABLE_ENTITY "Some operations cannot be carried out"
        "None was carried out. `errors` lists every fault of every operation: `pointer` begins with `/operations/` and the operation's place. With `\"atomic\": false` the others are carried out.";
    EmailNotVerified "email_not_verified" FORBIDDEN "The e-mail is not verified"
        "Follow the link that was mailed; `POST /api/v1/auth/email/verification` sends it again.";
    WrongPassword "wrong_password" FORBIDDEN "The password is wrong"
        "The request needs the account's own password.";
    InvalidLink "invalid_link" BAD_REQUEST "The link is not valid"
        "It was used before, is over, was replaced by a newer one, or is for something else. Ask for a new one.";
    UnsupportedImage "unsupported_image" UNSUPPORTED_MEDIA_TYPE "The picture cannot be read"
        "A picture is a JPEG, PNG or WebP, whatever its name, and nothing besides; this one is none of them, is broken, or holds something else too.";
    ImageTooLarge "image_too_large" UNPROCESSABLE_ENTITY "The picture is too large"
        "A picture has at most 4096 pixels in each direction, takes at most 64 MiB once it is decoded (up to 8 bytes a pixel where colours have 16 bits), and as a JPEG has at most 50 scans.";
    RateLimited "rate_limited" TOO_MANY_REQUESTS "Too many requests"
        "Wait for `Retry-After` seconds.";
    CreationQuotaExceeded "creation_quota_exceeded" TOO_MANY_REQUESTS "Too many contacts were created lately"
        "The quota counts every creation, whatever is deleted. Wait for `Retry-After` seconds; without that header the batch creates more at once than the quota ever allows.";
    Busy "busy" SERVICE_UNAVAILABLE "Too much is waiting"
        "Too many passwords, pictures, batches or exports are being worked on at this moment. Try again after `Retry-After` seconds.";
    Unavailable "unavailable" SERVICE_UNAVAILABLE "The service is not available"
        "Something this service needs does not answer. Try again after `Retry-After` seconds.";
    ShuttingDown "shutting_down" SERVICE_UNAVAILABLE "The service is about to end"
        "Requests are still answered, but new ones belong to another replica. Try again after `Retry-After` seconds.";
    Internal "internal" INTERNAL_SERVER_ERROR "A fault of this service"
        "It is in the log under the `request_id` of the answer.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_distinct_and_explained() {
        let texts: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.status().is_client_error() || code.status().is_server_error());
            assert!(code.explanation().ends_with('.') && !code.title().ends_with('.'));
        }
    }
}
