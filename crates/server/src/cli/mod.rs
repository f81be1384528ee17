//! The command line, one file a command.
//!
//! To add a command: a file with `command()` and `run(..)`, and a line in each of the two functions
//! here.

mod archive;
mod audit;
mod backup;
mod changes;
mod completions;
mod config;
mod doctor;
mod flags;
mod healthcheck;
mod mail;
mod migrate;
mod openapi;
mod reference;
mod restore;
mod serve;
mod store;
mod user;

use std::{ffi::OsString, process::ExitCode};

use clap::{ArgMatches, Command, error::ErrorKind};

use crate::{
    failure::{Failure, Outcome},
    output,
    surroundings::Surroundings,
};

const AFTER_HELP: &str = "\
Settings come from flags, the environment, a file .env in the current folder, or their defaults, in
this order. `contacts serve --help` lists them all; `contacts config example` prints a template.

Exit codes: 0 success, 1 failure, 2 wrong usage or configuration.";

pub(crate) fn command() -> Command {
    Command::new("contacts")
        .version(env!("CARGO_PKG_VERSION"))
        .about("An address book that REST clients, scripts, phones and people share")
        .after_help(AFTER_HELP)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(serve::command())
        .subcommand(migrate::command())
        .subcommand(user::command())
        .subcommand(backup::command())
        .subcommand(restore::command())
        .subcommand(mail::command())
        .subcommand(audit::command())
        .subcommand(changes::command())
        .subcommand(config::command())
        .subcommand(doctor::command())
        .subcommand(healthcheck::command())
        .subcommand(openapi::command())
        .subcommand(reference::command())
        .subcommand(completions::command())
}

/// Runs the command that the arguments name, and tells people what went wrong.
pub(crate) async fn run(arguments: impl IntoIterator<Item = OsString>, around: Surroundings) -> ExitCode {
    let matches = match command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return explain(&error),
    };
    match dispatch(&matches, &around).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&format!("error: {}\n", failure.message()));
            failure.exit_code()
        }
    }
}

async fn dispatch(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    match matches.subcommand() {
        Some(("serve", matches)) => serve::run(matches, around).await,
        Some(("migrate", matches)) => migrate::run(matches, around).await,
        Some(("user", matches)) => user::run(matches, around).await,
        Some(("backup", matches)) => backup::run(matches, around).await,
        Some(("restore", matches)) => restore::run(matches, around).await,
        Some(("mail", matches)) => mail::run(matches, around).await,
        Some(("audit", matches)) => audit::run(matches, around).await,
        Some(("changes", matches)) => changes::run(matches, around).await,
        Some(("config", matches)) => config::run(matches, around),
        Some(("doctor", matches)) => doctor::run(matches, around).await,
        Some(("healthcheck", matches)) => healthcheck::run(matches, around).await,
        Some(("openapi", _)) => openapi::run(),
        Some(("reference", matches)) => reference::run(matches),
        Some(("completions", matches)) => completions::run(matches),
        _ => Err(Failure::new("This command is not known.")),
    }
}

/// Help and version are what was asked for; the rest is wrong usage.
fn explain(error: &clap::Error) -> ExitCode {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // The name of a command alone asks for help, too.
        return match output::print(&error.render().to_string()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    // If the pipe is closed, nobody wants to know.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_consistent() {
        command().debug_assert();
    }

    #[test]
    fn the_help_says_what_the_exit_codes_mean() {
        let help = command().render_long_help().to_string();
        assert!(help.contains("0 success, 1 failure, 2 wrong usage or configuration"));
        for name in [
            "serve",
            "migrate",
            "user",
            "backup",
            "restore",
            "mail",
            "audit",
            "changes",
            "config",
            "doctor",
            "healthcheck",
            "openapi",
        ] {
            assert!(help.contains(name), "{name}");
        }
    }

    #[test]
    fn wrong_usage_is_told_from_a_wish_for_help() {
        let kind = |arguments: &[&str]| command().try_get_matches_from(arguments).unwrap_err().kind();
        assert_eq!(kind(&["contacts"]), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
        assert_eq!(kind(&["contacts", "migrate"]), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
        assert_eq!(kind(&["contacts", "--version"]), ErrorKind::DisplayVersion);
        assert_eq!(kind(&["contacts", "serve", "--port", "1"]), ErrorKind::UnknownArgument);
        assert_eq!(kind(&["contacts", "dance"]), ErrorKind::InvalidSubcommand);
    }
}
