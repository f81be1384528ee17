//! `contacts mail`: the mails that were given up.

mod list;
mod requeue;

use clap::{ArgMatches, Command};

use super::{migrate, store};
use crate::{
    failure::{Failure, Outcome},
    output,
    surroundings::Surroundings,
};

pub(super) fn command() -> Command {
    Command::new("mail")
        .about("Shows the mails that could not be sent, and tries them again")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(list::command())
        .subcommand(requeue::command())
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let text = match matches.subcommand() {
        Some(("list", matches)) => list::run(store::connect(matches, around).await?, matches).await,
        Some(("requeue", matches)) => requeue::run(store::connect(matches, around).await?, matches).await,
        _ => Err(Failure::new("This command is not known.")),
    }?;
    Ok(output::print(&text)?)
}

/// What to say where the outbox cannot be used.
fn failure(error: contacts_application::Error) -> Failure {
    Failure::because("Cannot work on the outbox", &error)
}
