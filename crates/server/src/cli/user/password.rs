//! A password that an operator types, or a script sends.

use std::io::{self, BufRead};

use secrecy::SecretString;

use crate::{failure::Failure, output, surroundings::Surroundings};

/// What a terminal shows nobody, or the first line of the standard input. Never an argument: those can be read by
/// everybody on the machine.
pub(super) fn read(around: &Surroundings) -> Result<SecretString, Failure> {
    let cannot = |error: &io::Error| Failure::because("Cannot read the password", error);
    if around.terminals.stdin {
        output::complain("Password: ");
        return rpassword::read_password().map(SecretString::from).map_err(|error| cannot(&error));
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(|error| cannot(&error))?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err(Failure::new("There is no password: it is the first line of the standard input."));
    }
    Ok(SecretString::from(line.to_owned()))
}
