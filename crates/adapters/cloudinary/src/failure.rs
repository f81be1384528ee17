//! What can go wrong, and whether it may pass.

use std::{error::Error, time::Duration};

use contacts_domain::ports::StoreError;
use tokio::task::JoinError;

/// As much of an answer as a log should hold.
const MAX_SHOWN: usize = 300;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("Cloudinary did not answer within {} seconds", .0.as_secs_f32())]
    Silence(Duration),
    #[error("Cloudinary was not reached, or did not finish its answer: {0}")]
    Connection(String),
    #[error("something that is not Cloudinary answered: {0}")]
    NotJson(String),
    #[error("Cloudinary's answer means nothing here: {0}")]
    Unknown(String),
    #[error("Cloudinary refused: {0}")]
    Refused(String),
    #[error("Cloudinary keeps the picture at no secure URL: {0}")]
    Insecure(String),
    /// A client that finds no authority to trust does so.
    #[error("the client of Cloudinary panicked")]
    Panicked(#[source] JoinError),
}

impl Failure {
    /// What the client gives as its error: its own words, over a fault of the connection or of reading the
    /// answer. The status of an answer does not come through, only its body.
    pub(crate) fn of_client(error: &(dyn Error + 'static)) -> Self {
        let causes = || std::iter::successors(Some(error), |error| (*error).source());
        match causes().find_map(|cause| cause.downcast_ref::<serde_json::Error>()) {
            Some(fault) if fault.is_data() => Self::Unknown(shown(&error.to_string())),
            // What is no JSON at all comes from a gateway, as a page for people.
            Some(_) => Self::NotJson(shown(&error.to_string())),
            None => Self::Connection(shown(&causes().map(ToString::to_string).collect::<Vec<_>>().join(": "))),
        }
    }

    pub(crate) fn refused(message: &str) -> Self {
        Self::Refused(shown(message))
    }

    pub(crate) fn insecure(url: &str) -> Self {
        Self::Insecure(shown(url))
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Silence(_) | Failure::Connection(_) | Failure::NotJson(_) => Self::Unavailable(failure.into()),
            Failure::Unknown(_) | Failure::Refused(_) | Failure::Insecure(_) | Failure::Panicked(_) => {
                Self::Backend(failure.into())
            }
        }
    }
}

/// One line, of limited length.
fn shown(text: &str) -> String {
    text.chars().take(MAX_SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_log_shows_is_one_short_line() {
        let shown = shown(&"long\r\n\x1B[31m".repeat(1000));
        assert!(shown.len() == MAX_SHOWN && !shown.contains(char::is_control));
    }

    #[test]
    fn an_answer_that_is_no_json_may_pass_and_one_that_means_nothing_does_not() {
        let fault = |text: &str| serde_json::from_str::<Vec<u8>>(text).unwrap_err();
        for gateway in ["<html>", "", "[1, 2"] {
            let error = StoreError::from(Failure::of_client(&fault(gateway)));
            assert!(matches!(error, StoreError::Unavailable(_)), "{gateway}");
        }
        let error = StoreError::from(Failure::of_client(&fault("{\"result\":1}")));
        assert!(matches!(error, StoreError::Backend(_)));
    }
}
