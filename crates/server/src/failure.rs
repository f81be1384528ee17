//! Why a command ended without success, for people.

use std::{error::Error, io, iter::successors, process::ExitCode};

use crate::config::Faults;

pub(crate) type Outcome = Result<(), Failure>;

#[derive(Debug)]
pub(crate) enum Failure {
    /// Something has to be set otherwise first.
    Configuration(Faults),
    /// Whole sentences that say what went wrong and, where it is known, what to do.
    Failed(String),
}

impl Failure {
    pub(crate) fn new(sentences: impl Into<String>) -> Self {
        Self::Failed(sentences.into())
    }

    /// What did not work, and the error with all its causes.
    pub(crate) fn because(what: &str, error: &(dyn Error + 'static)) -> Self {
        Self::Failed(format!("{what}: {}.", causes(error).trim_end_matches('.')))
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Configuration(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }

    pub(crate) fn message(&self) -> String {
        match self {
            Self::Configuration(faults) => faults.to_string(),
            Self::Failed(sentences) => sentences.clone(),
        }
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Configuration(faults)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::because("Cannot write the output", &error)
    }
}

/// The chain of causes in one line. Some libraries repeat the cause in their own text: it is said once.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for cause in successors(Some(error), |error: &&(dyn Error + 'static)| (*error).source()) {
        let cause = cause.to_string();
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the folder cannot be made")]
    struct Folder(#[source] io::Error);

    #[test]
    fn the_whole_chain_is_one_sentence() {
        let error = Folder(io::Error::other("the disk is full."));
        let failure = Failure::because("Cannot start", &error);
        assert_eq!(failure.message(), "Cannot start: the folder cannot be made: the disk is full.");
    }
}
