use actix_web::{HttpRequest, HttpResponse};

use super::{Notice, notice};
use crate::{
    input::preferred_language,
    problem::{Code, Problem},
};

/// A refusal as a page, with the status and the headers that it has as JSON.
pub(crate) fn refusal(request: &HttpRequest, problem: &Problem) -> HttpResponse {
    let language = preferred_language(request);
    if problem.fault_at("/token").is_some() {
        // What is a fault of a field to a program is half a link to whoever opened it.
        return notice(HttpResponse::BadRequest(), Notice::LinkIncomplete, language);
    }
    notice(problem.begin(), said(problem.code()), language)
}

const fn said(code: Code) -> Notice {
    match code {
        Code::InvalidLink => Notice::LinkInvalid,
        Code::EmailTaken => Notice::EmailTaken,
        Code::PayloadTooLarge
        | Code::MalformedMultipart
        | Code::UnsupportedMediaType
        | Code::MalformedJson
        | Code::ValidationFailed
        | Code::InvalidCursor
        | Code::InvalidSyncToken
        | Code::UnsupportedImage
        | Code::ImageTooLarge => Notice::FormUnreadable,
        Code::RequestTimeout => Notice::TooSlow,
        Code::RateLimited | Code::CreationQuotaExceeded => Notice::TooOften,
        Code::Busy | Code::Unavailable | Code::ShuttingDown => Notice::Busy,
        Code::NotFound
        | Code::MethodNotAllowed
        | Code::Unauthenticated
        | Code::InvalidToken
        | Code::InvalidCredentials
        | Code::EmailNotVerified
        | Code::WrongPassword
        | Code::SyncTokenExpired
        | Code::PreconditionFailed
        | Code::IdempotencyKeyReused
        | Code::RequestInFlight
        | Code::BatchFailed
        | Code::CorsRefused => Notice::NotPossible,
        Code::Internal => Notice::Failed,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use actix_web::{http::header, test::TestRequest};
    use contacts_domain::validation::{ValidationErrors, Violation};

    use super::{super::tests::text, *};

    fn refused(problem: &Problem) -> HttpResponse {
        let request = TestRequest::default().insert_header((header::ACCEPT_LANGUAGE, "pl")).to_http_request();
        refusal(&request, problem)
    }

    #[test]
    fn every_refusal_is_a_page_with_its_own_status() {
        for code in Code::ALL {
            let page = refused(&Problem::new(*code));
            assert_eq!(page.status(), code.status());
            assert_eq!(page.headers().get(header::CONTENT_TYPE).unwrap(), "text/html; charset=utf-8");
            assert!(text(page).contains(r#"<html lang="pl">"#));
        }
    }

    #[test]
    fn who_is_refused_for_a_moment_learns_for_how_long() {
        for code in [Code::RateLimited, Code::Busy, Code::Unavailable] {
            let page = refused(&Problem::new(code).retry_after(Duration::from_millis(1500)));
            assert_eq!(page.headers().get(header::RETRY_AFTER).unwrap(), "2");
        }
    }

    #[test]
    fn half_a_link_is_said_to_be_half_a_link() {
        let faults = ValidationErrors::from(Violation::required().at("token"));
        let page = refused(&Problem::from(faults));
        assert_eq!(page.status(), actix_web::http::StatusCode::BAD_REQUEST);
        assert!(text(page).contains("Ten link jest niepełny"));
    }

    #[test]
    fn a_failure_tells_nothing_of_the_inside() {
        let page = refused(&Problem::internal("password=hunter2"));
        assert!(!text(page).contains("hunter2"));
    }
}
