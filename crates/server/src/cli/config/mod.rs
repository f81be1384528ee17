//! `contacts config`: the settings, explained.

mod check;
mod dump;
mod example;

use clap::{ArgMatches, Command};

use crate::{
    failure::{Failure, Outcome},
    surroundings::Surroundings,
};

pub(super) fn command() -> Command {
    Command::new("config")
        .about("Checks, shows or explains the configuration")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(check::command())
        .subcommand(dump::command())
        .subcommand(example::command())
}

pub(super) fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    match matches.subcommand() {
        Some(("check", matches)) => check::run(matches, around),
        Some(("dump", matches)) => dump::run(matches, around),
        Some(("example", _)) => example::run(),
        _ => Err(Failure::new("This command is not known.")),
    }
}
