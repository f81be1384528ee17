//! What the process finds around it. It is looked up here, once, and handed on as values.

use std::{
    ffi::OsString,
    io::{self, IsTerminal},
};

use clap::ArgMatches;

use crate::config::{Fault, Layers, Setting, Terminals};

pub(crate) struct Surroundings {
    pub(crate) environment: Vec<(OsString, OsString)>,
    /// The content of `.env` in the current folder, if there is one.
    pub(crate) dotenv: io::Result<Option<Vec<u8>>>,
    pub(crate) terminals: Terminals,
}

impl Surroundings {
    pub(crate) fn of_this_process() -> Self {
        Self {
            environment: std::env::vars_os().collect(),
            dotenv: match std::fs::read(".env") {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                read => read.map(Some),
            },
            terminals: Terminals {
                stdin: io::stdin().is_terminal(),
                stdout: io::stdout().is_terminal(),
                stderr: io::stderr().is_terminal(),
            },
        }
    }

    /// Everything that somebody set; `flags` are those that the command takes.
    pub(crate) fn layers(&self, matches: &ArgMatches, flags: &[&Setting]) -> Layers {
        let dotenv = self.dotenv.as_ref().ok().and_then(Option::as_deref);
        let mut layers = Layers::new(self.environment.iter().cloned(), dotenv);
        if let Err(error) = &self.dotenv {
            layers.fault(Fault::new(format!(".env is there but cannot be read: {error}.")));
        }
        for setting in flags {
            if let Some(text) = matches.get_one::<String>(setting.name) {
                layers.set_flag(setting, text);
            }
        }
        layers
    }

    pub(crate) fn colour_on_stdout(&self) -> bool {
        self.terminals.stdout && !self.no_color()
    }

    pub(crate) fn colour_on_stderr(&self) -> bool {
        self.terminals.stderr && !self.no_color()
    }

    /// See <https://no-color.org>: set and not empty.
    fn no_color(&self) -> bool {
        self.environment.iter().any(|(name, value)| name == "NO_COLOR" && !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings(environment: &[(&str, &str)], terminal: bool) -> Surroundings {
        Surroundings {
            environment: environment.iter().map(|(name, value)| (name.into(), value.into())).collect(),
            dotenv: Ok(None),
            terminals: Terminals { stdin: terminal, stdout: terminal, stderr: terminal },
        }
    }

    #[test]
    fn colour_is_for_terminals_and_for_those_who_like_it() {
        assert!(surroundings(&[], true).colour_on_stdout());
        assert!(surroundings(&[("NO_COLOR", "")], true).colour_on_stderr());
        assert!(!surroundings(&[("NO_COLOR", "1")], true).colour_on_stdout());
        assert!(!surroundings(&[], false).colour_on_stderr());
    }

    #[test]
    fn a_file_that_cannot_be_read_is_a_fault() {
        let mut around = surroundings(&[], false);
        around.dotenv = Err(io::ErrorKind::PermissionDenied.into());
        let layers = around.layers(&ArgMatches::default(), &[]);
        assert_eq!(layers.faults()[0].to_string(), ".env is there but cannot be read: permission denied.");
    }
}
