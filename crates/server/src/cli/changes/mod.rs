//! `contacts changes`: what clients follow.

mod restart;

use clap::{ArgMatches, Command};

use super::{migrate, store};
use crate::{
    failure::{Failure, Outcome},
    output,
    surroundings::Surroundings,
};

pub(super) fn command() -> Command {
    Command::new("changes")
        .about("Works on the feed of changes that clients follow")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(restart::command())
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let text = match matches.subcommand() {
        Some(("restart", matches)) => restart::run(store::connect(matches, around).await?).await,
        _ => Err(Failure::new("This command is not known.")),
    }?;
    Ok(output::print(&text)?)
}
