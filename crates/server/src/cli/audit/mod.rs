//! `contacts audit`: what happened to accounts.

mod list;

use clap::{ArgMatches, Command};

use super::{migrate, store};
use crate::{
    failure::{Failure, Outcome},
    output,
    surroundings::Surroundings,
};

pub(super) fn command() -> Command {
    Command::new("audit")
        .about("Shows what happened to accounts")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(list::command())
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let text = match matches.subcommand() {
        Some(("list", matches)) => list::run(store::connect(matches, around).await?, matches).await,
        _ => Err(Failure::new("This command is not known.")),
    }?;
    Ok(output::print(&text)?)
}
