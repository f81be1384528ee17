//! What the server answered.

use std::collections::BTreeSet;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer. What every answer must have is checked when it arrives, whatever the test is about.
pub(crate) struct Answer {
    /// The request, for messages.
    what: String,
    to_head: bool,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub(super) fn new(what: String, to_head: bool, status: u16, headers: HeaderMap, body: Vec<u8>) -> Self {
        let answer = Self { what, to_head, status, headers, body };
        answer.assert_sound();
        if !to_head && status >= 400 {
            answer.assert_problem();
        }
        answer
    }

    /// An answer for people, whatever its status is.
    #[track_caller]
    pub(super) fn page(what: String, to_head: bool, status: u16, headers: HeaderMap, body: Vec<u8>) -> Self {
        let answer = Self { what, to_head, status, headers, body };
        answer.assert_sound();
        answer.assert_page();
        answer
    }

    /// The answer, where it has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// The value of a header that stands once. The empty text where it is not there.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().map_or("", |value| value.to_str().unwrap());
        assert!(values.next().is_none(), "{name} stands more than once: {self}");
        value
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self}"))
    }

    /// Asserts a problem with this status and code, and returns its body.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.header("content-type")), (status, "application/problem+json"), "{self}");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{self}");
        problem
    }

    /// Asserts that the request was refused for exactly these faults, in whatever order.
    #[track_caller]
    pub(crate) fn refused(&self, expected: &[(&str, &str)]) {
        let problem = self.problem(422, "validation_failed");
        let expected: BTreeSet<_> = expected.iter().map(|(pointer, code)| (*pointer, *code)).collect();
        let found = faults(&problem);
        assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), expected, "{self}");
        assert_eq!(found.len(), expected.len(), "a fault stands more than once: {self}");
    }

    /// What holds for every answer there is.
    #[track_caller]
    fn assert_sound(&self) {
        assert_ne!(self.status, 500, "{self}");
        assert_eq!(self.header("x-content-type-options"), "nosniff", "{self}");
        assert_ne!(self.header("x-request-id"), "", "{self}");
        if self.to_head {
            assert!(self.body.is_empty(), "an answer to HEAD has a body: {self}");
        }
        if self.status == 401 {
            assert!(self.header("www-authenticate").starts_with("Bearer"), "{self}");
        }
        if self.status == 405 {
            assert_ne!(self.header("allow"), "", "{self}");
        }
    }

    /// The address of a page holds a secret: nobody else may learn it, and nobody may show the page in
    /// a frame of theirs.
    #[track_caller]
    fn assert_page(&self) {
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8", "{self}");
        assert_eq!(self.header("referrer-policy"), "no-referrer", "{self}");
        assert_eq!(self.header("cache-control"), "no-store", "{self}");
        assert_eq!(self.header("x-frame-options"), "DENY", "{self}");
        let policy: BTreeSet<_> = self.header("content-security-policy").split("; ").collect();
        for rule in ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(rule), "{rule}: {self}");
        }
        assert!(self.to_head || self.text().starts_with("<!doctype html>"), "{self}");
    }

    #[track_caller]
    fn assert_problem(&self) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self}");
        let problem = self.json();
        let known = ["type", "title", "status", "detail", "code", "request_id", "errors"];
        assert!(problem.as_object().unwrap().keys().all(|member| known.contains(&member.as_str())), "{self}");
        let text = |member: &str| problem[member].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        for member in ["title", "detail"] {
            assert!(text(member).is_some(), "no {member}: {self}");
        }
        let code = text("code").unwrap_or_else(|| panic!("no code: {self}"));
        let kind = text("type").unwrap_or_else(|| panic!("no type: {self}"));
        assert!(kind.ends_with(&format!("/errors/{code}")), "{self}");
        assert_eq!(problem["status"], self.status, "{self}");
        assert_eq!(text("request_id").as_deref(), Some(self.header("x-request-id")), "{self}");
        for fault in problem["errors"].as_array().into_iter().flatten() {
            let texts = ["pointer", "code", "detail"].map(|member| fault[member].as_str());
            let [Some(pointer), Some(code), Some(detail)] = texts else { panic!("{fault} in {self}") };
            assert!(pointer.is_empty() || pointer.starts_with('/'), "{fault} in {self}");
            assert!(!code.is_empty() && !detail.is_empty(), "{fault} in {self}");
        }
    }
}

/// Where and why, for each fault of a problem.
pub(crate) fn faults(problem: &Value) -> Vec<(&str, &str)> {
    let faults = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    faults.iter().map(|fault| (fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap())).collect()
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Long bodies would bury the message.
        let body: String = String::from_utf8_lossy(&self.body).chars().take(2000).collect();
        write!(f, "{} was answered {}\n{:#?}\n{body}", self.what, self.status, self.headers)
    }
}
