//! The pages that mailed links open. They use the same use cases as the API, and are no part of it.
//!
//! Opening a link changes nothing and asks the database nothing: programs that look through mail open
//! links, too. What is behind it happens when its form is sent.

mod reset_password;
mod verify_email;

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, ServiceConfig},
};
use contacts_domain::language::Language;

use crate::{
    input::{FromQuery, QueryFields},
    pages::{self, Notice},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig) {
    let refuse = |allowed: &'static str| {
        move || async move { Err::<HttpResponse, _>(Problem::method_not_allowed(allowed.into())) }
    };
    config
        .service(
            web::resource("/verify-email")
                .route(web::get().to(verify_email::open))
                .route(web::post().to(verify_email::confirm))
                .default_service(web::to(refuse("GET, HEAD, POST"))),
        )
        .service(
            web::resource("/reset-password")
                .route(web::get().to(reset_password::open))
                .route(web::post().to(reset_password::confirm))
                .default_service(web::to(refuse("GET, HEAD, POST"))),
        )
        .service(
            web::resource("/pages/style.css").route(web::get().to(style)).default_service(web::to(refuse("GET, HEAD"))),
        );
}

/// The token in the address of a link. What else is there was added by others on the way.
struct MailedToken(Option<String>);

impl FromQuery for MailedToken {
    const PARAMETERS: &'static [&'static str] = &["token"];

    fn from_query(mut fields: QueryFields) -> Self {
        Self(fields.take("token").filter(|token| !token.is_empty()))
    }
}

impl MailedToken {
    /// The page for this token; without one there is nothing to ask.
    fn page(self, language: Language, ask: impl FnOnce(Language, &str) -> HttpResponse) -> HttpResponse {
        match self.0 {
            Some(token) => ask(language, &token),
            None => pages::notice(HttpResponse::BadRequest(), Notice::LinkIncomplete, language),
        }
    }
}

async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/css; charset=utf-8"))
        // It changes with the binary alone.
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(pages::STYLE)
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App,
        http::StatusCode,
        test::{TestRequest, call_service, init_service, read_body},
    };

    use super::*;

    async fn answer(request: TestRequest) -> (StatusCode, String, String) {
        let service = init_service(App::new().configure(routes)).await;
        let response = call_service(&service, request.to_request()).await;
        let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, content_type) = (response.status(), header(header::CONTENT_TYPE).unwrap_or_default());
        let body = String::from_utf8(read_body(response).await.to_vec()).unwrap();
        (status, content_type, body)
    }

    #[actix_web::test]
    async fn opening_a_link_shows_a_form_that_holds_its_token() {
        for path in ["/verify-email", "/reset-password"] {
            // Trackers add to the addresses of links.
            let request = TestRequest::with_uri(&format!("{path}?utm_source=mail&token=a%22b-c"));
            let (status, content_type, body) =
                answer(request.insert_header((header::ACCEPT_LANGUAGE, "pl-PL, en;q=0.5"))).await;
            assert_eq!((status, content_type.as_str()), (StatusCode::OK, "text/html; charset=utf-8"));
            assert!(body.contains(r#"<html lang="pl">"#) && body.contains(r#"value="a&#34;b-c""#), "{body}");
        }
    }

    #[actix_web::test]
    async fn half_a_link_is_a_friendly_page() {
        for path in ["/verify-email", "/reset-password"] {
            for query in ["", "?", "?token=", "?tok", "?token=%ff"] {
                let (status, content_type, body) = answer(TestRequest::with_uri(&format!("{path}{query}"))).await;
                assert_eq!((status, content_type.as_str()), (StatusCode::BAD_REQUEST, "text/html; charset=utf-8"));
                assert!(body.contains("This link is not complete") && !body.contains("<form"), "{body}");
            }
        }
    }

    #[actix_web::test]
    async fn the_stylesheet_is_where_the_pages_look_for_it() {
        let (status, content_type, body) = answer(TestRequest::with_uri("/pages/style.css")).await;
        assert_eq!((status, content_type.as_str()), (StatusCode::OK, "text/css; charset=utf-8"));
        assert!(body.contains("prefers-color-scheme: dark"));
    }
}
