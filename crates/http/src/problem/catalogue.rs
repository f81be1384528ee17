//! The catalogue of codes, for who documents them.

use super::Code;

/// A code that a problem can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemCode {
    /// As it stands in a problem. It never changes.
    pub code: &'static str,
    /// Of the answer (RFC 9110).
    pub status: u16,
    /// The same for every problem of this code, in English.
    pub title: &'static str,
    /// What a client does about it, in Markdown.
    pub explanation: &'static str,
}

/// Every code, in the order of the catalogue.
pub fn problem_codes() -> impl Iterator<Item = ProblemCode> {
    Code::ALL.iter().map(|code| ProblemCode {
        code: code.as_str(),
        status: code.status().as_u16(),
        title: code.title(),
        explanation: code.explanation(),
    })
}
