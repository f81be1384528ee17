//! The pages that mailed links open, for people: what they look like and say.
//!
//! Plain HTML that needs no script and has none, in the language that the browser asks for. Everything
//! that is put into a template is escaped. The address of these pages holds a secret, so that no page
//! tells another site where it came from, is kept by a cache, or is shown in somebody else's frame.

mod notice;
mod refusal;
mod reset_password;
mod verify_email;

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{self, HeaderName},
};
use askama::Template;

pub(crate) use self::{
    notice::{Notice, notice},
    refusal::refusal,
    reset_password::reset_password,
    verify_email::verify_email,
};

/// Where the pages are: whatever is refused there is told to people.
pub(crate) const PATHS: [&str; 2] = ["/verify-email", "/reset-password"];

/// The stylesheet of all pages.
pub(crate) const STYLE: &str = include_str!("../../templates/style.css");

/// What every page carries.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Ends an answer that has a status, and may have headers, with a page.
fn with_page(mut answer: HttpResponseBuilder, page: &impl Template) -> HttpResponse {
    for header in HEADERS {
        answer.insert_header(header);
    }
    // Text written to a string always arrives.
    answer.body(page.render().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use actix_web::{body::MessageBody, http::StatusCode};
    use contacts_domain::{language::Language, validation::ViolationCode};

    use super::*;

    pub(super) fn text(response: HttpResponse) -> String {
        String::from_utf8(response.into_body().try_into_bytes().unwrap().to_vec()).unwrap()
    }

    /// Every page there is, in this language.
    fn all(language: Language) -> Vec<HttpResponse> {
        let mut pages = vec![
            verify_email(language, "token"),
            reset_password(language, "token", None),
            reset_password(language, "token", Some(ViolationCode::CommonPassword)),
        ];
        pages.extend(Notice::ALL.map(|said| notice(HttpResponse::Ok(), said, language)));
        pages
    }

    #[test]
    fn a_hostile_token_stays_text() {
        let hostile = r#""><script>alert('1')</script>&quot;"#;
        for page in [
            verify_email(Language::English, hostile),
            reset_password(Language::English, hostile, None),
            reset_password(Language::Polish, hostile, Some(ViolationCode::TooShort)),
        ] {
            let html = text(page);
            assert!(!html.contains("<script") && !html.contains("alert('1')"), "{html}");
            let value = "&#34;&#62;&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62;&#38;quot;";
            assert!(html.contains(&format!(r#"name="token" value="{value}""#)), "{html}");
        }
    }

    #[test]
    fn every_page_is_in_the_language_that_was_asked_for() {
        let [english, polish] = Language::ALL.map(|language| all(language).into_iter().map(text).collect::<Vec<_>>());
        for (english, polish) in english.iter().zip(&polish) {
            assert!(english.contains(r#"<html lang="en">"#) && polish.contains(r#"<html lang="pl">"#));
            let heading = |html: &str| html.split("<h1>").nth(1).unwrap().split("</main>").next().unwrap().to_owned();
            assert_ne!(heading(english), heading(polish));
        }
    }

    #[test]
    fn every_page_keeps_its_address_to_itself() {
        for page in Language::ALL.into_iter().flat_map(all) {
            let header = |name| page.headers().get(name).unwrap().to_str().unwrap();
            assert_eq!(header("content-type"), "text/html; charset=utf-8");
            assert_eq!(header("referrer-policy"), "no-referrer");
            assert_eq!(header("cache-control"), "no-store");
            assert_eq!(header("x-frame-options"), "DENY");
            let policy: Vec<_> = header("content-security-policy").split("; ").collect();
            for rule in ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
                assert!(policy.contains(&rule), "{policy:?}");
            }
            assert!(!policy.iter().any(|rule| rule.contains("unsafe") || rule.starts_with("script-src")), "{policy:?}");
        }
    }

    #[test]
    fn no_page_needs_what_its_policy_forbids() {
        for html in Language::ALL.into_iter().flat_map(all).map(text) {
            for forbidden in ["<script", "<style", "style=", "onclick", "<img", "http:", "https:", "url("] {
                assert!(!html.contains(forbidden), "{forbidden}: {html}");
            }
            assert!(html.contains(r#"<link rel="stylesheet" href="pages/style.css">"#), "{html}");
            assert!(html.contains(r#"<meta name="viewport" content="width=device-width, initial-scale=1">"#));
        }
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"), "the stylesheet loads nothing else");
    }

    #[test]
    fn only_the_two_forms_ask_for_anything() {
        for said in Notice::ALL {
            let html = text(notice(HttpResponse::Ok(), said, Language::English));
            assert!(!html.contains("<form") && !html.contains("<input"), "{html}");
        }
        assert!(text(verify_email(Language::English, "t")).contains(r#"<form method="post" action="verify-email">"#));
    }

    #[test]
    fn a_password_is_typed_where_browsers_know_it_as_a_new_one() {
        let html = text(reset_password(Language::English, "t", None));
        assert!(html.contains(r#"<form method="post" action="reset-password">"#), "{html}");
        for attribute in [
            r#"type="password""#,
            r#"name="new_password""#,
            r#"autocomplete="new-password""#,
            r#"minlength="8" required"#,
        ] {
            assert!(html.contains(attribute), "{attribute}");
        }
        assert!(!html.contains("role=\"alert\""), "nothing was refused yet");
    }

    #[test]
    fn a_refused_password_is_explained_above_the_same_form() {
        for (code, words) in [
            (ViolationCode::Required, "at least 8"),
            (ViolationCode::TooShort, "at least 8"),
            (ViolationCode::TooLong, "at most 256"),
            (ViolationCode::CommonPassword, "everybody tries first"),
            (ViolationCode::NulCharacter, "Choose another"),
        ] {
            let page = reset_password(Language::English, "secret", Some(code));
            assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
            let html = text(page);
            let fault = html.split("role=\"alert\">").nth(1).unwrap().split("</p>").next().unwrap();
            assert!(fault.contains(words), "{fault}");
            assert!(
                html.contains(r#"name="token" value="secret""#) && html.contains("aria-describedby=\"hint fault\"")
            );
        }
    }
}
