use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use super::{Notice, notice};
use crate::{
    input::preferred_language,
    problem::{Code, Problem},
};

/// Surrounds the routes of the pages: what they refuse is told to people.
pub(crate) async fn refusals<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let problem = response.response().error().and_then(|error| error.as_error::<Problem>());
    let Some(problem) = problem else {
        return Ok(response);
    };
    if problem.code().status().is_server_error() {
        tracing::error!(code = problem.code().as_str(), cause = problem.cause(), "failed");
    }
    let page = refusal(response.request(), problem);
    Ok(response.into_response(page))
}

/// A refusal as a page, with the status and the headers that it has as JSON.
fn refusal(request: &HttpRequest, problem: &Problem) -> HttpResponse {
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
        | Code::UnsupportedMediaType
        | Code::MalformedJson
        | Code::ValidationFailed
        | Code::InvalidCursor
        | Code::UnsupportedImage
        | Code::ImageTooLarge => Notice::FormUnreadable,
        Code::RequestTimeout => Notice::TooSlow,
        Code::RateLimited | Code::CreationQuotaExceeded => Notice::TooOften,
        Code::Busy | Code::Unavailable => Notice::Busy,
        Code::NotFound
        | Code::MethodNotAllowed
        | Code::Unauthenticated
        | Code::InvalidToken
        | Code::InvalidCredentials
        | Code::EmailNotVerified
        | Code::WrongPassword => Notice::NotPossible,
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
